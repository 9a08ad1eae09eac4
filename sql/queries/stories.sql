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
    select * from unnest(%(numbers)s::int[], %(keys)s::text[], %(texts)s::text[])
), postings (n, hash) as (
    select * from unnest(%(posting_numbers)s::int[], %(hashes)s::bigint[])
), sketched as (
    select p.n, k.story_id, count(*) as shared
    from postings p join core.story_sketch k using (hash)
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
select s.story_id, s.story_key, s.outlet, s.wire_slug, r.headline, r.body, r.published_at, o.story_key as copy_of_key, r.revision,
    (select array_agg(x.body_sha256) from core.story_revision x where x.story_id = s.story_id) as past,
    (select array_agg(a.story_key) from core.story_alias a where a.story_id = s.story_id) as aliases
from core.story s
join core.story_revision r on r.story_id = s.story_id and r.known_to = 'infinity'
left join core.story o on o.story_id = s.copy_of
where s.story_id = any(%(story_ids)s);

-- name: find_story_ids
select story_key, story_id, coalesce((select max(revision) from core.story_revision r where r.story_id = s.story_id), 0)
from core.story s where story_key = any(%(keys)s);

-- name: insert_stories
insert into core.story (story_key, outlet, wire_slug, url, copy_of, copy_kind, copy_score, copy_reason, first_published_at, first_seen_at)
select n.story_key, n.outlet, n.wire_slug, n.url, o.story_id, n.copy_kind, n.copy_score, n.copy_reason, n.first_published_at, n.first_seen_at
from staged_story n left join core.story o on o.story_key = n.copy_of_key
order by n.story_key
returning story_key, story_id;

-- name: stage_stories
create temporary table if not exists staged_story (
    story_key text, outlet text, wire_slug text, url text, copy_of_key text, copy_kind text, copy_score real, copy_reason text,
    first_published_at timestamptz, first_seen_at timestamptz
) on commit drop;
truncate staged_story;

-- name: close_revisions
update core.story_revision r set known_to = c.closed_at
from unnest(%(story_ids)s::bigint[], %(moments)s::timestamptz[]) as c (story_id, closed_at)
where r.story_id = c.story_id and r.known_to = 'infinity';

-- name: clear_sketches
delete from core.story_sketch where story_id = any(%(story_ids)s);

-- name: save_aliases
insert into core.story_alias (story_key, story_id)
select * from unnest(%(keys)s::text[], %(story_ids)s::bigint[])
on conflict (story_key) do nothing;

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
