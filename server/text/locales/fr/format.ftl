# Units, days and months.
format-per-gpu-hour = { $amount } par heure-GPU
format-gpu-hours = { $count ->
    [one] { $figure } heure-GPU
   *[other] { $figure } heures-GPU
}
format-date = { $day } { $month } { $year }
format-date-short = { $day } { $month }
format-date-figure = { $date } { $year }
format-instant-figure = { $date }, { $time }
format-weekday-date = { $weekday } { $date }
format-month-year = { $month } { $year }
format-instant = { $date } à { $hour } h { $minute } (heure de Bruxelles)
format-month-1 = janvier
format-month-2 = février
format-month-3 = mars
format-month-4 = avril
format-month-5 = mai
format-month-6 = juin
format-month-7 = juillet
format-month-8 = août
format-month-9 = septembre
format-month-10 = octobre
format-month-11 = novembre
format-month-12 = décembre
format-month-short-1 = janv.
format-month-short-2 = févr.
format-month-short-3 = mars
format-month-short-4 = avr.
format-month-short-5 = mai
format-month-short-6 = juin
format-month-short-7 = juil.
format-month-short-8 = août
format-month-short-9 = sept.
format-month-short-10 = oct.
format-month-short-11 = nov.
format-month-short-12 = déc.
format-weekday-1 = lundi
format-weekday-2 = mardi
format-weekday-3 = mercredi
format-weekday-4 = jeudi
format-weekday-5 = vendredi
format-weekday-6 = samedi
format-weekday-7 = dimanche
unit-gpu-hours = heures-GPU
