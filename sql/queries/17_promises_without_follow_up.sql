-- Which pledges of aid have no delivery since?
select distinct event_on, donors, recipients, evidence
from warehouse.aid
where is_without_delivery and not is_background
order by event_on, donors, recipients;
