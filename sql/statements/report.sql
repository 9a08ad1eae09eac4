-- What the demo shows.

-- name: report_events
select coalesce(event_on::text, '-') || coalesce(' to ' || event_end_on::text, ''), event_type, status || case when is_background then ', background' else '' end,
    actors, recipients, implied, object_key, evidence, sentence, story_count
from warehouse.events_current order by is_background, event_on, story_id, event_id;

-- name: report_runs
-- The newest run of each stage of a batch; the fetches of all feeds added up.
with newest as (
    select distinct on (stage, feed_slug) stage, feed_slug, counts from ops.run
    where batch_key = %(batch_key)s and state = 'success' order by stage, feed_slug, run_id desc
), summed as (
    select stage, key, sum(value::bigint) as value from newest, jsonb_each_text(counts) group by 1, 2
)
select stage, jsonb_object_agg(key, value) from summed group by stage
order by array_position(array['fetch', 'clean', 'dedupe', 'validate_stories', 'extract', 'validate_events', 'load'], stage);

-- name: report_quarantine
select stage, reason_code, count(*), (array_agg(item_key order by quarantine_id))[1] from ops.quarantine where status = 'open' group by 1, 2 order by 1, 2;

-- name: report_live_feeds
select f.feed_slug, f.last_outcome, l.detail from ops.feed f
left join lateral (select detail from ops.fetch_log x where x.feed_slug = f.feed_slug and x.kind = 'feed' order by x.fetch_id desc limit 1) l on true
where f.is_active and f.feed_slug not like 'sample-%%' and f.last_outcome is not null order by 1;

-- name: report_totals
select (select count(*) from raw.item), (select count(*) from core.story where copy_of is null),
    (select count(*) from core.story_revision join core.story using (story_id) where copy_of is null),
    (select count(*) from core.story where copy_of is not null), (select count(distinct item_id) from ops.quarantine where status = 'open');

-- name: has_uncoded
-- Whether a complete item waits to be coded. Not those of feeds that are polled no more.
select exists (
    select from raw.item i join ops.feed f using (feed_slug)
    where i.page_state <> 'pending' and f.is_active
        and not exists (select from core.story_item s where s.item_id = i.item_id)
        and not exists (select from ops.quarantine q where q.item_id = i.item_id)
);

-- name: find_last_coded
select batch_key from ops.run where stage = 'load' and state = 'success' and (counts ->> 'candidates')::int > 0 order by run_id desc limit 1;

-- name: report_copies
select copy_outlet || ' of ' || outlet, copy_kind || case when role_changed_at is null then '' else ', before its original' end, copy_headline, headline
from warehouse.story_copies order by copy_published_at, copy_id limit 12;

-- name: report_changes
select headline, signal, changes from warehouse.story_revisions where changes is not null order by known_from desc, story_id limit 8;
