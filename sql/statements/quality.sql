-- Statements over ops.quality_report: how a day's data look.

-- name: clear_quality_report
delete from ops.quality_report where day = %(day)s;

-- name: save_quality_report
-- A day that is not over is measured up to now. Shares are judged from 20 rows on: of five, two are no trend.
with span as (
    select %(day)s::date::timestamp at time zone 'UTC' as from_at, least((%(day)s::date + 1)::timestamp at time zone 'UTC', now()) as to_at
), feeds as (
    -- Feeds that were polled that day; one that was subscribed to at noon is not judged by what a day brings.
    select f.feed_slug, f.expected_items_per_day as expected, p.first_at < s.from_at + interval '2 hours' and s.to_at - s.from_at = interval '1 day' as is_whole,
        (select count(*) from raw.item x where x.feed_slug = f.feed_slug and x.first_seen_at >= s.from_at and x.first_seen_at < s.to_at) as items,
        (select max(x.first_seen_at) from raw.item x where x.feed_slug = f.feed_slug and x.first_seen_at < s.to_at) as last_item_at
    from span s
    join (select feed_slug, min(requested_at) as first_at from ops.fetch_log, span where kind = 'feed' and requested_at >= from_at and requested_at < to_at group by 1) p on true
    join ops.feed f using (feed_slug)
    where f.is_active
), items as (
    select count(*) as items, count(*) filter (where exists (select from ops.quarantine q where q.item_id = i.item_id and q.status = 'open')) as refused
    from span s join raw.item i on i.first_seen_at >= s.from_at and i.first_seen_at < s.to_at and i.page_state <> 'pending'
), pages as (
    select count(*) as pages, count(*) filter (where l.outcome not in ('ok', 'not_modified')) as failed
    from span s join ops.fetch_log l on l.kind = 'page' and l.requested_at >= s.from_at and l.requested_at < s.to_at
), told as (
    select count(*) as stories, count(*) filter (where t.copy_of is not null) as copies,
        count(*) filter (where t.copy_of is null and r.language = 'en') as coded,
        count(*) filter (where t.copy_of is null and r.language = 'en' and not exists (select from core.mention m where m.story_id = t.story_id and m.quote is not null)) as silent
    from span s join core.story t on t.first_seen_at >= s.from_at and t.first_seen_at < s.to_at
    join core.story_revision r on r.story_id = t.story_id and r.known_to = 'infinity'
), known as (
    select v.*, f.known_from >= s.from_at as is_today
    from span s join core.event_version f on f.version = 1 and f.known_from >= s.from_at - interval '28 days' and f.known_from < s.to_at
    join core.event_version v on v.event_id = f.event_id and v.known_to = 'infinity' and v.change_kind <> 'retraction'
), dated as (
    select count(*) as events, count(*) filter (where event_on is null) as undated from known where is_today
), twice as (
    select coalesce(sum(alike - 1), 0) as again, coalesce(sum(alike), 0) as events from (
        select count(*) as alike from known where is_today
        group by story_id, event_type, actors, recipients, implied, event_on, object_key, status, quantities::text
    ) x
), mix as (
    -- Half an event is added to each class, so that a class which one side lacks has a share.
    select coalesce(plover_type, event_type) as class, count(*) filter (where is_today) as today, count(*) filter (where not is_today) as before
    from known where not is_background group by 1
), shares as (
    select class, today, (today + 0.5) / sum(today + 0.5) over () as share, (before + 0.5) / sum(before + 0.5) over () as share_before,
        sum(today) over () as n, sum(before) over () as m, count(*) over () - 1 as freedom
    from mix
), drift as (
    -- The population stability index. Without drift it is (1/n + 1/m) times a chi-squared variable (Yurdakul, 2018), whose 99.9th percentile is
    -- had by Wilson and Hilferty's approximation; 0.25 is the rule of thumb for a shift that matters.
    select n, m, sum((share - share_before) * ln(share / share_before)) as index,
        greatest(0.25, (1.0 / nullif(n, 0) + 1.0 / nullif(m, 0)) * freedom * (1 - 2 / (9.0 * nullif(freedom, 0)) + 3.09 * sqrt(2 / (9.0 * nullif(freedom, 0)))) ^ 3) as high
    from shares group by n, m, freedom
), measured (measure, subject, value, low, high, row_count) as (
    select 'feed_items', feed_slug, items, case when expected >= 5 and is_whole then 0.2 * expected end,
        case when expected >= 1 then greatest(50, 10 * expected) end, items from feeds
    union all
    select 'feed_silence_hours', feed_slug, extract(epoch from to_at - last_item_at) / 3600, null, case when expected > 0 then greatest(24, 5 * 24 / expected) end, items
    from feeds, span where last_item_at is not null
    union all
    select 'load_age_hours', '', extract(epoch from to_at - max(r.finished_at)) / 3600, null, 3, count(*)
    from span s join ops.run r on r.stage = 'load' and r.state = 'success' and r.finished_at < s.to_at and r.finished_at > s.to_at - interval '30 days' group by to_at
    union all
    select 'refused_item_share', '', refused::float / items, null, case when items >= 20 then 0.3 end, items from items where items > 0
    union all
    select 'failed_page_share', '', failed::float / pages, null, case when pages >= 20 then 0.5 end, pages from pages where pages > 0
    union all
    select 'copy_share', '', copies::float / stories, null, case when stories >= 20 then 0.8 end, stories from told where stories > 0
    union all
    select 'story_without_event_share', '', silent::float / coded, null, case when coded >= 20 then 0.9 end, coded from told where coded > 0
    union all
    select 'undated_event_share', '', undated::float / events, null, case when events >= 20 then 0.5 end, events from dated where events > 0
    union all
    select 'event_twice_count', '', again, null, 0, events from twice
    union all
    select 'class_share', class, share, null, null, today from shares where n > 0
    union all
    select 'class_drift', '', index, null, high, n from drift where n >= 20 and m >= 100
    union all
    select 'held_load_count', '', count(*), null, 0, count(*) from ops.quarantine where reason_code = 'ends_too_much' and status = 'open'
)
insert into ops.quality_report (day, measure, subject, value, low, high, row_count, run_id)
select %(day)s::date, measure, subject, value, low, high, row_count, %(run_id)s::bigint from measured;

-- name: find_alerts
-- What is out of bounds, as sentences.
select measure || case when subject = '' then '' else ' of ' || subject end || ' is ' || round(value::numeric, 2)
    || case when value < low then ', under ' || round(low::numeric, 2) else ', over ' || round(high::numeric, 2) end
from ops.quality_report where day = %(day)s and is_alert order by measure, subject;

-- name: find_checked
-- What the suites looked at on a day: the newest try of each candidate that was coded (a later one finds it coded already), else the newest;
-- and the events of it that were refused.
select distinct on (c.item_id, c.position) c.item_id, c.position, c.story,
    coalesce(c.events, '[]') || coalesce((select jsonb_agg(q.payload) from ops.quarantine q
        where q.stage = 'validate_events' and q.item_id = c.item_id and q.status = 'open' and q.payload is not null), '[]') as events
from ops.candidate c
where c.state <> 'clean' and c.updated_at >= %(day)s::date::timestamp at time zone 'UTC' and c.updated_at < (%(day)s::date + 1)::timestamp at time zone 'UTC'
order by c.item_id, c.position, c.events is null, c.updated_at desc;
