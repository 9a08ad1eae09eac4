-- Who spoke of whom without a name in 2026?
select event_on, event_type, actors, implied, evidence
from warehouse.events_current
where implied <> '{}' and not is_background and event_on between '2026-01-01' and '2026-12-31'
order by event_on, event_type, actors, evidence;
