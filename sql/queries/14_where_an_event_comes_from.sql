-- From which feed, document, runs and coder does each sanction of 2026 come?
select v.event_type, v.event_on, v.actors, v.recipients, l.feed_slug, length(l.sha256) as digits_of_sha256, l.fetch_run_id is not null as has_fetch, l.load_run_id is not null as has_load,
    length(l.coder_version) as digits_of_coder_version
from warehouse.events_current v
join warehouse.event_lineage l using (event_id, version)
where v.event_type in ('SANCTION_IMPOSED', 'SANCTION_LIFTED') and v.event_on between '2026-01-01' and '2026-12-31'
order by v.event_on, v.actors, v.recipients;
