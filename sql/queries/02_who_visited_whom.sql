-- Who visited whom in March 2026, and for how long?
select from_on, until_on, status, visitor_names, hosts, place_name
from warehouse.visits
where not is_background and from_on between '2026-03-01' and '2026-03-31'
order by from_on, visitor_names, hosts;
