-- What did we hold of Japan and Turkey a year ago, and what do we hold now?
select 'then' as held, event_type, event_on, actors, recipients, status from warehouse.events_as_of(now() - interval '1 year') where actors || recipients @> array['JPN', 'TUR']
union all
select 'now', event_type, event_on, actors, recipients, status from warehouse.events_as_of(now()) where actors || recipients @> array['JPN', 'TUR']
order by held, event_on, event_type;
