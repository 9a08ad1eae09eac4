-- Who visited whom, and for how long?
select from_on, until_on, status, visitor_names, hosts, place_name
from warehouse.visits
where not is_background
order by from_on nulls last, visitor_names, hosts;
