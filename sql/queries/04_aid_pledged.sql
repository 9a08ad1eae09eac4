-- How much aid was pledged, by whom, to whom?
select event_on, donors, recipients, measure, value, unit, is_approximate, amount
from warehouse.aid
where event_type = 'AID_PLEDGED' and kind = 'increment' and not is_background
order by event_on, donors, recipients, measure;
