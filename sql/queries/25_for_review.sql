-- Which events should an editor look at first?
select event_type, event_on, actors, recipients, confidence, evidence
from warehouse.events_current
where confidence < 0.75 and not is_background
order by confidence, event_on, event_type, event_id
limit 20;
