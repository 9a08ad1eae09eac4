-- What happened between Japan and Vietnam, day by day?
select event_on, event_end_on, event_type, status, actors, recipients, object_key, evidence
from warehouse.events_current
where not is_background and actors || recipients @> array['JPN', 'VNM']
order by event_on, event_type, object_key, evidence;
