# Words of applications.
mail-received-subject = { $reference }: your application has arrived
mail-received-text =
    We have received your application { $reference }. The answer is due on { $due } at the latest.

    You need do nothing until then. The application's page shows at any time whom it waits for.
mail-received-action = Follow your application
