# Units, days and months.
format-per-gpu-hour = { $amount } per GPU-hour
format-gpu-hours = { $count ->
    [one] { $figure } GPU-hour
   *[other] { $figure } GPU-hours
}
format-date = { $day } { $month } { $year }
format-date-short = { $day } { $month }
format-date-figure = { $date } { $year }
format-instant-figure = { $date }, { $time }
format-weekday-date = { $weekday } { $date }
format-month-year = { $month } { $year }
format-instant = { $date }, { $hour }:{ $minute } (Brussels time)
format-month-1 = January
format-month-2 = February
format-month-3 = March
format-month-4 = April
format-month-5 = May
format-month-6 = June
format-month-7 = July
format-month-8 = August
format-month-9 = September
format-month-10 = October
format-month-11 = November
format-month-12 = December
format-month-short-1 = Jan
format-month-short-2 = Feb
format-month-short-3 = Mar
format-month-short-4 = Apr
format-month-short-5 = May
format-month-short-6 = Jun
format-month-short-7 = Jul
format-month-short-8 = Aug
format-month-short-9 = Sep
format-month-short-10 = Oct
format-month-short-11 = Nov
format-month-short-12 = Dec
format-weekday-1 = Monday
format-weekday-2 = Tuesday
format-weekday-3 = Wednesday
format-weekday-4 = Thursday
format-weekday-5 = Friday
format-weekday-6 = Saturday
format-weekday-7 = Sunday
unit-gpu-hours = GPU-hours
