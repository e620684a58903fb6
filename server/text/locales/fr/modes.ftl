# Words of modes.
mode-name-PG = Playground
mode-name-FL = Fast Lane
mode-name-LS = Large Scale
