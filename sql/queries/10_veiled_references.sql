-- Who spoke of whom without a name?
select event_on, event_type, actors, implied, evidence
from warehouse.events_current
where cardinality(implied) > 0 and not is_background
order by event_on, event_type, actors, evidence;
