-- Statements over core.story and what hangs on it.

-- name: lock_loading
select pg_advisory_xact_lock(hashtext('communique.load'));

-- name: find_recorded
select s.item_id, s.position, s.body_sha256, s.relation, s.reason, s.score, t.copy_kind, coalesce(o.story_key, t.story_key)
from core.story_item s join core.story t using (story_id) left join core.story o on o.story_id = t.copy_of
where s.item_id = any(%(item_ids)s);

-- name: find_matches
-- Which held stories each candidate must be compared with: by key, by text, by sketch.
with wanted (n, story_key, text_sha256) as (
    select * from unnest(%(numbers)s::int[], %(keys)s::text[], %(texts)s::char(64)[])
), postings (n, hash) as (
    select * from unnest(%(posting_numbers)s::int[], %(hashes)s::bigint[])
), sketched as (
    -- A hash that hundreds of stories share is boilerplate: the newest will do.
    select p.n, k.story_id, count(*) as shared
    from postings p
    cross join lateral (select story_id from core.story_sketch x where x.hash = p.hash order by x.story_id desc limit 200) k
    group by 1, 2 having count(*) >= %(fewest)s
), ranked as (
    select n, story_id, row_number() over (partition by n order by shared desc, story_id) as place from sketched
)
select n, story_id from ranked where place <= 20
union
select w.n, s.story_id from wanted w join core.story s using (story_key)
union
select w.n, a.story_id from wanted w join core.story_alias a using (story_key)
union
select w.n, r.story_id from wanted w join core.story_revision r using (text_sha256);

-- name: load_known
select s.story_id, s.story_key, s.outlet, s.wire_slug, r.headline, r.body, r.published_at, o.story_key as copy_of_key, r.signal,
    (select array_agg(x.body_sha256) from core.story_revision x where x.story_id = s.story_id) as past,
    (select array_agg(a.story_key) from core.story_alias a where a.story_id = s.story_id) as aliases
from core.story s
join core.story_revision r on r.story_id = s.story_id and r.known_to = 'infinity'
left join core.story o on o.story_id = s.copy_of
where s.story_id = any(%(story_ids)s);

-- name: find_originals
select story_id, copy_of from core.story where story_id = any(%(story_ids)s) and copy_of is not null;

-- name: adopt_stories
-- Held stories, with their copies, become copies of another. Gives those that were originals.
with wanted (story_key, target_key, copy_kind, score, reason) as (
    select * from unnest(%(keys)s::text[], %(targets)s::text[], %(kinds)s::text[], %(scores)s::real[], %(reasons)s::text[])
), named as (
    select s.story_id, s.copy_of, t.story_id as target_id, w.copy_kind, w.score, w.reason
    from wanted w join core.story s using (story_key) join core.story t on t.story_key = w.target_key
    where s.story_id <> t.story_id
), followers as (
    select c.story_id, c.copy_of, n.target_id, n.reason
    from named n join core.story c on c.copy_of = n.story_id
    where c.story_id <> n.target_id and not exists (select from named x where x.story_id = c.story_id)
), kept as (
    insert into core.story_role (story_id, changed_at, copy_of_before, copy_of_after, reason, run_id)
    select story_id, %(now)s::timestamptz, copy_of, target_id, reason, %(run_id)s::bigint from named
    union all
    select story_id, %(now)s::timestamptz, copy_of, target_id, 'with its original: ' || reason, %(run_id)s::bigint from followers
), led as (
    update core.story s set copy_of = f.target_id from followers f where s.story_id = f.story_id
), moved as (
    update core.story s set copy_of = n.target_id, copy_kind = n.copy_kind, copy_score = n.score, copy_reason = n.reason
    from named n where s.story_id = n.story_id
)
select story_id, target_id from named where copy_of is null;

-- name: find_originals_of_day
-- Keys of the originals that were first published on a day (UTC) and are not withdrawn.
select s.story_key
from core.story s join core.story_revision r on r.story_id = s.story_id and r.known_to = 'infinity'
where s.copy_of is null and r.signal <> 'kill' and r.language = any(%(languages)s)
    and s.first_published_at >= %(day)s::date::timestamp at time zone 'UTC' and s.first_published_at < (%(day)s::date + 1)::timestamp at time zone 'UTC'
order by s.story_key;

-- name: load_current
-- Stories as they stand, for coding.
select s.story_key, s.story_id, r.revision, r.headline, r.body, r.language, s.wire_slug, s.outlet, s.url, r.dateline_place, r.dateline_on,
    r.published_at, r.date_basis, r.genre, r.signal, r.captions
from core.story s join core.story_revision r on r.story_id = s.story_id and r.known_to = 'infinity'
where s.story_key = any(%(keys)s);

-- name: find_story_ids
select story_key, story_id, coalesce((select max(revision) from core.story_revision r where r.story_id = s.story_id), 0)
from core.story s where story_key = any(%(keys)s);

-- name: take_story_ids
-- Gives the first of so many ids in a row; only under the lock of loading.
select setval(sequence, nextval(sequence) + %(count)s - 1) - %(count)s + 1 from pg_get_serial_sequence('core.story', 'story_id') sequence;

-- name: close_revisions
update core.story_revision r set known_to = c.closed_at
from unnest(%(story_ids)s::bigint[], %(moments)s::timestamptz[]) as c (story_id, closed_at)
where r.story_id = c.story_id and r.known_to = 'infinity'
returning r.story_id, r.body;

-- name: clear_sketches
delete from core.story_sketch k using unnest(%(hashes)s::bigint[], %(story_ids)s::bigint[]) as o (hash, story_id)
where k.hash = o.hash and k.story_id = o.story_id;

-- name: save_aliases
insert into core.story_alias (story_key, story_id)
select * from unnest(%(keys)s::text[], %(story_ids)s::bigint[])
on conflict (story_key) do nothing;

-- name: find_story_items
-- Which items, by their place in the document, were decided on before.
select item_id, position from core.story_item where item_id = any(%(item_ids)s);

-- name: save_story_items
insert into core.story_item (item_id, position, body_sha256, story_id, revision, relation, reason, score)
select item_id, position, body_sha256, story_id, revision, relation, reason, score from staged_story_item
on conflict (item_id, position) do update set
    body_sha256 = excluded.body_sha256, story_id = excluded.story_id, revision = excluded.revision,
    relation = excluded.relation, reason = excluded.reason, score = excluded.score, decided_at = now();

-- name: stage_story_items
create temporary table staged_story_item on commit drop as table core.story_item with no data

-- name: find_copies
select c.story_id, o.story_key, r.revision, r.body
from core.story c
join core.story o on o.story_id = c.copy_of
join core.story_revision r on r.story_id = c.story_id and r.known_to = 'infinity'
where o.story_key = any(%(keys)s)
order by c.story_id;
