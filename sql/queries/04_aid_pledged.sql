-- How much aid was pledged in 2026, by whom, to whom?
select event_on, donors, recipients, measure, value, unit, is_approximate, amount
from warehouse.aid
where event_type = 'AID_PLEDGED' and kind = 'increment' and not is_background and event_on between '2026-01-01' and '2026-12-31'
order by event_on, donors, recipients, measure;
