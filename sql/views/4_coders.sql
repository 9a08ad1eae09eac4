-- Which coder said what, and switching between what coders said.

create or replace view warehouse.coding_changes as
select n.event_id, n.version, n.known_from as changed_at, n.change_kind, n.change_note, o.coder_version as old_coder_version, n.coder_version,
    o.event_type as old_event_type, n.event_type, o.status as old_status, n.status, o.event_on as old_event_on, n.event_on, n.story_id, n.revision
from core.event_version n
left join core.event_version o on o.event_id = n.event_id and o.version = n.version - 1
where n.change_kind = 'recode' or (n.change_kind in ('new', 'retraction') and n.change_note like 'coder %');
comment on view warehouse.coding_changes is 'What a new coder version changed: events that it codes otherwise, finds, or no longer finds';
comment on column warehouse.coding_changes.changed_at is 'When';
comment on column warehouse.coding_changes.old_coder_version is 'Coder before';
comment on column warehouse.coding_changes.old_event_type is 'Type before';
comment on column warehouse.coding_changes.old_status is 'Status before';
comment on column warehouse.coding_changes.old_event_on is 'Day before';

create or replace view warehouse.coder_versions as
select c.coder_version, c.description, c.first_used_at, count(x.story_id) as story_count, count(x.story_id) filter (where x.is_shown) as shown_story_count
from ops.coder_version c
left join (
    select distinct on (g.story_id, g.coder_version) g.story_id, g.coder_version,
        g.coded_at = max(g.coded_at) over (partition by g.story_id) as is_shown
    from core.coding g join core.story_revision r on r.story_id = g.story_id and r.revision = g.revision and r.known_to = 'infinity'
    order by g.story_id, g.coder_version, g.coded_at desc
) x using (coder_version)
group by c.coder_version, c.description, c.first_used_at;
comment on view warehouse.coder_versions is 'Every coder that was used: of how many stories it coded the current revision, and of how many the views show what it said';
comment on column warehouse.coder_versions.story_count is 'Stories whose current revision it coded';
comment on column warehouse.coder_versions.shown_story_count is 'Stories for which the views show its coding';

-- The one statement that switches the current coder, and switches back: select * from warehouse.use_coder('…').
create or replace function warehouse.use_coder(coder text) returns table (stories bigint, events bigint) language plpgsql as $$
declare
    run bigint;
    moment timestamptz;
begin
    perform pg_advisory_xact_lock(hashtext('communique.load'));
    moment := clock_timestamp();
    if not exists (select from ops.coder_version c where c.coder_version = coder) then
        raise exception 'no coder % was ever used; warehouse.coder_versions has those that were', coder;
    end if;
    insert into ops.run (stage, batch_key, dag_id, dag_run_id, process_id) values ('use_coder', coder, 'sql', session_user, pg_backend_pid()) returning run_id into run;

    -- Stories whose current revision this coder has coded, and for which another one is shown.
    create temporary table wanted_coding on commit drop as
    select g.story_id, g.revision, max(g.coded_at) filter (where g.coder_version = coder) as coded_at
    from core.coding g join core.story_revision r on r.story_id = g.story_id and r.revision = g.revision and r.known_to = 'infinity'
    group by g.story_id, g.revision
    having max(g.coded_at) filter (where g.coder_version = coder) is not null
        and (array_agg(g.coder_version order by g.coded_at desc))[1] <> coder;

    -- What it said is what was held at the moment from which its coding held.
    create temporary table switched on commit drop as
    select o.event_id, o.version as old_version, w.version as wanted_version, c.story_id, c.revision
    from wanted_coding c
    cross join lateral (select c.story_id union all select s.story_id from core.story s where s.copy_of = c.story_id) t
    join core.event_version o on o.story_id = t.story_id and o.known_to = 'infinity'
    left join core.event_version w on w.event_id = o.event_id and w.known_from <= c.coded_at and c.coded_at < w.known_to and w.change_kind <> 'retraction'
    where case when w.version is null then o.change_kind <> 'retraction' and not exists (
                -- Another story reports it too.
                select from core.mention m join core.story s on s.story_id = m.story_id and s.copy_of is null
                join core.story_revision r on r.story_id = m.story_id and r.revision = m.revision and r.known_to = 'infinity'
                where m.event_id = o.event_id and m.story_id <> c.story_id and m.quote is not null)
            else o.change_kind = 'retraction' or o.content_sha256 <> w.content_sha256 end;

    update core.event_version v set known_to = moment from switched s where v.event_id = s.event_id and v.version = s.old_version;
    insert into core.event_version
    select r.*
    from switched s
    join core.event_version v on v.event_id = s.event_id and v.version = coalesce(s.wanted_version, s.old_version)
    cross join lateral jsonb_populate_record(v, jsonb_build_object(
        'version', s.old_version + 1, 'known_from', moment, 'known_to', 'infinity', 'story_id', s.story_id, 'revision', s.revision, 'run_id', run,
        'change_kind', case when s.wanted_version is null then 'retraction' else 'recode' end, 'change_note', 'coder ' || coder || ' is used again',
        'start_char', null, 'end_char', null, 'quote', null, 'sentence_start', null, 'sentence_end', null, 'pattern_id', null)) r;
    insert into core.coding (story_id, revision, coder_version, coded_at, run_id) select c.story_id, c.revision, coder, moment, run from wanted_coding c;
    perform core.count_dyad_days(array(
        select distinct v.event_on from switched s join core.event_version v on v.event_id = s.event_id and v.version >= s.old_version where v.event_on is not null));

    select count(*) into stories from wanted_coding;
    select count(*) into events from switched;
    drop table wanted_coding, switched;
    update ops.run r set state = 'success', finished_at = clock_timestamp(), counts = jsonb_build_object('stories', stories, 'events', events) where r.run_id = run;
    return next;
end $$;
comment on function warehouse.use_coder is 'Shows what this coder said of every story that it coded, and tells of how many stories and events that changed something; for the administrator. Versions are added, none is lost';
revoke execute on function warehouse.use_coder from public;
