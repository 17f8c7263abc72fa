-- Dollars for one unit of each currency at the end of each day, to the feed's 8 decimals (the file has floats).
-- Kept as delivered; no amount of this source is converted.
select
    rates._row_id,
    currencies."CurrencyAlternateKey" as from_currency,
    substr(rates."Date", 1, 10) as rate_date,
    cast(cast(rates."EndOfDayRate" as decimal(18, 8)) as varchar) as rate
from currency_rates as rates
left join currencies on rates."CurrencyKey" = currencies."CurrencyKey"
