-- Which words, in which story, prove each condemnation of March 2026?
select v.event_on, v.actors, v.recipients, m.outlet, m.is_copy, m.headline, m.sentence, m.is_quote_exact
from warehouse.events_current v
join warehouse.event_mentions m using (event_id)
where v.event_type = 'CONDEMN' and not v.is_background and v.event_on between '2026-03-01' and '2026-03-31'
order by v.event_on, v.actors, v.recipients, m.is_copy, m.outlet, m.sentence;
