-- Which pledges of aid of 2026 have no delivery since?
select distinct event_on, donors, recipients, evidence
from warehouse.aid
where is_without_delivery and not is_background and event_on between '2026-01-01' and '2026-12-31'
order by event_on, donors, recipients;
