-- Statements over events: their versions, and what hangs on them.

-- name: save_coder_version
insert into ops.coder_version (coder_version, description) values (%(coder_version)s, %(description)s)
on conflict (coder_version) do nothing;

-- name: find_shown_codings
-- Which of these revisions are shown as this coder coded them.
select n.story_id, n.revision
from unnest(%(story_ids)s::bigint[], %(revisions)s::int[]) as n (story_id, revision)
where %(coder_version)s = (
    select g.coder_version from core.coding g where g.story_id = n.story_id and g.revision = n.revision order by g.coded_at desc limit 1);

-- name: find_story_events
-- The events of these stories in their open versions: of those that the stories tell, or stories that turned out to be copies of
-- them. Each is looked up by its key alone: before the tables are first analysed, the planner would read all of them.
with told_by as (
    select i as story_id, i as owner_id from unnest(%(story_ids)s::bigint[]) i
    union all
    select s.story_id, i from unnest(%(story_ids)s::bigint[]) i cross join lateral (select story_id from core.story where copy_of = i offset 0) s
)
select v.event_id, v.version, v.story_id, t.owner_id, v.content_sha256, v.change_kind, v.event_type, v.object_key, v.event_on, v.actors
from told_by t
cross join lateral (select * from core.event_version x where x.story_id = t.story_id offset 0) v
where v.known_to = 'infinity';

-- name: find_events
-- Events by identity in their newest versions, whose story or its original owns them.
select v.event_id, v.version, v.story_id, coalesce(s.copy_of, v.story_id) as owner_id, v.content_sha256, v.change_kind, v.event_type, v.object_key, v.event_on, v.actors
from unnest(%(event_ids)s::text[]) i
cross join lateral (select * from core.event_version x where x.event_id = i order by x.version desc limit 1) v
cross join lateral (select copy_of from core.story x where x.story_id = v.story_id offset 0) s;

-- name: find_reported_elsewhere
-- Which of these events an original other than the one that owns them reports in its current revision. Few have a mention in
-- another story at all: those first.
with others as materialized (
    select m.event_id, m.story_id, m.revision
    from unnest(%(event_ids)s::text[], %(owner_ids)s::bigint[]) as o (event_id, story_id)
    cross join lateral (select story_id, revision, event_id from core.mention where event_id = o.event_id and quote is not null offset 0) m
    where m.story_id <> o.story_id
)
select distinct o.event_id
from others o
join core.story s on s.story_id = o.story_id and s.copy_of is null
join core.story_revision r on r.story_id = o.story_id and r.revision = o.revision and r.known_to = 'infinity';

-- name: find_mentioned
select m.event_id, m.story_id, m.revision, m.start_char, m.end_char
from unnest(%(story_ids)s::bigint[]) i
cross join lateral (select * from core.mention where story_id = i and quote is not null offset 0) m;

-- name: load_mentions
-- Evidence of the current revision of a story for its current events.
select m.event_id, m.story_id, m.start_char, m.end_char, m.quote, m.sentence_start, substr(r.body, m.sentence_start + 1, m.sentence_end - m.sentence_start)
from core.mention m
join core.event_version v on v.event_id = m.event_id and v.known_to = 'infinity' and v.change_kind <> 'retraction'
join core.story_revision r on r.story_id = m.story_id and r.revision = m.revision and r.known_to = 'infinity'
where m.story_id = any(%(story_ids)s) and m.quote is not null
order by m.event_id, m.start_char;

-- name: close_versions
update core.event_version v set known_to = c.closed_at
from unnest(%(event_ids)s::text[], %(moments)s::timestamptz[]) as c (event_id, closed_at)
where v.event_id = c.event_id and v.known_to = 'infinity';

-- name: weigh_days
-- Days of which these events are more than a share, with how many they are and how many there were before this run; no day counts as one.
with ended as (
    select v.event_on, count(*) as ended from core.event_version v
    where v.event_id = any(%(event_ids)s) and v.known_to = 'infinity' group by v.event_on having count(*) >= %(fewest)s
)
select e.event_on, e.ended, d.held
from ended e
cross join lateral (
    select count(*) as held from core.event_version v
    where v.known_to = 'infinity' and v.change_kind <> 'retraction' and v.event_on is not distinct from e.event_on
        and v.run_id <> %(run_id)s
) d
where e.ended > %(most)s * d.held
order by e.ended desc, e.event_on;

-- name: stage_retractions
create temporary table staged_retraction (
    event_id text, version integer, known_from timestamptz, known_to timestamptz, story_id bigint, revision integer, change_note text
) on commit drop

-- name: save_retractions
-- Versions that say that an event is withdrawn; they repeat what was held.
insert into core.event_version
select r.*
from staged_retraction c
join core.event_version v on v.event_id = c.event_id and v.version = c.version - 1
cross join lateral jsonb_populate_record(v, to_jsonb(c) || jsonb_build_object('change_kind', 'retraction', 'run_id', %(run_id)s,
    'start_char', null, 'end_char', null, 'quote', null, 'sentence_start', null, 'sentence_end', null, 'pattern_id', null)) r;

-- name: explain_event
-- An event as the views show it, with each party's name and the words of the text that named it.
select v.event_type, v.status, v.event_on, v.event_end_on, v.date_basis, v.confidence, v.coder_version, s.published_at,
    (select jsonb_agg(jsonb_build_array(p.name, p.text) order by p.position) from warehouse.event_parties p where p.event_id = v.event_id and p.side = 'actor'),
    (select jsonb_agg(jsonb_build_array(p.name, p.text) order by p.position) from warehouse.event_parties p where p.event_id = v.event_id and p.side = 'recipient'),
    (select jsonb_agg(jsonb_build_array(p.name, p.text) order by p.position) from warehouse.event_parties p where p.event_id = v.event_id and p.side = 'implied')
from warehouse.events_current v
join warehouse.story_current s on s.story_id = v.story_id
where v.event_id = %(event_id)s;

-- name: explain_mentions
-- The sentences that report it, those of its own story first; offsets within the sentence.
select m.sentence, m.start_char - m.sentence_start, m.end_char - m.sentence_start, m.pattern_id, m.headline, m.url, m.outlet
from warehouse.event_mentions m
where m.event_id = %(event_id)s
order by m.is_copy, m.story_id, m.start_char;

-- name: count_dyad_days
select core.count_dyad_days(%(days)s::date[]);

-- name: link_events
-- Events that a run wrote and that stories of other agencies tell with another identity: same type (of meetings, same class) and
-- parties, at most a day apart, about the same thing or on the same day, and nothing that contradicts. A link that was undone stays undone.
with sided as materialized (
    -- Events of the days that the load touched and of those beside them, each with its parties as one text.
    select v.event_id, v.run_id, v.event_type, v.event_on, v.object_key, v.status, v.place_country_code, s.wire_slug, v.quantities,
        case when t.group_slug = 'meet' then coalesce(v.plover_type || coalesce('/' || v.plover_mode, ''), v.event_type) else v.event_type end as kind,
        case when cardinality(v.actors) < 2 then v.actors else array(select unnest(v.actors) order by 1) end::text || '>'
            || case when cardinality(v.recipients) < 2 then v.recipients else array(select unnest(v.recipients) order by 1) end::text as parties
    from core.event_version v join core.story s using (story_id) join ref.event_type t using (event_type)
    where v.known_to = 'infinity' and v.change_kind <> 'retraction' and not v.is_background
        and v.event_on = any(array(select distinct touched + beside from unnest(%(days)s::date[]) touched, generate_series(-1, 1) beside))
), told_twice as (
    -- What one agency alone tells needs no partner. Most events are such. One event stands for all that an agency tells
    -- alike, so that a day of a thousand like reports is no million pairs.
    select *, row_number() over (partition by kind, parties, status, event_on, object_key, place_country_code, wire_slug order by event_id) = 1 as stands_for_all
    from (select *, min(wire_slug) over alike <> max(wire_slug) over alike as is_told_twice from sided window alike as (partition by kind, parties, status)) x
    where is_told_twice
), beside as (
    -- Windows, not a join of the two: before the tables are first analysed, the planner would compare each with each.
    select *, array_agg(event_id) filter (where stands_for_all) over alike as ids, array_agg(event_on) filter (where stands_for_all) over alike as days,
        array_agg(object_key) filter (where stands_for_all) over alike as object_keys,
        array_agg(place_country_code) filter (where stands_for_all) over alike as places, array_agg(wire_slug) filter (where stands_for_all) over alike as wires
    from told_twice window alike as (partition by kind, parties, status)
)
insert into core.event_link (event_id, same_as, reason, run_id)
select distinct on (greatest(f.event_id, o.event_id), least(f.event_id, o.event_id)) greatest(f.event_id, o.event_id), least(f.event_id, o.event_id),
    f.event_type || ' of the same parties, ' || case when f.event_on = o.event_on then 'the same day' else 'a day apart' end || ', by ' || least(f.wire_slug, o.wire_slug) || ' and ' || greatest(f.wire_slug, o.wire_slug),
    %(run_id)s::bigint
from beside f
cross join lateral unnest(f.ids, f.days, f.object_keys, f.places, f.wires) as o (event_id, event_on, object_key, place_country_code, wire_slug)
where f.run_id = %(run_id)s
    and o.wire_slug <> f.wire_slug and o.event_id <> f.event_id
    and o.event_on between f.event_on - 1 and f.event_on + 1 and (o.object_key = f.object_key or o.event_on = f.event_on)
    and (o.place_country_code is null or f.place_country_code is null or o.place_country_code = f.place_country_code)
    and (f.quantities = '{}' or not exists (
        select from (select * from core.event_version where event_id = o.event_id offset 0) v, unnest(v.quantities) y, unnest(f.quantities) x
        where v.known_to = 'infinity' and x.measure = y.measure and x.unit = y.unit and x.kind = y.kind and x.value <> y.value))
order by 1, 2, f.event_id
on conflict do nothing;
