-- Reference tables, loaded from the coder's own at every migration.

-- name: save_country
insert into ref.country (country_code, alpha2_code, name) values (%(country_code)s, %(alpha2_code)s, %(name)s)
on conflict (country_code) do update set alpha2_code = excluded.alpha2_code, name = excluded.name;

-- name: save_event_type
insert into ref.event_type (event_type, group_slug, meaning, plover_type, plover_mode, plover_map, cameo_code, cameo_map, is_symmetric, needs_recipient, quad_plover, quad_cameo, goldstein, plover_score)
values (%(event_type)s, %(group)s, %(meaning)s, %(plover_type)s, %(plover_mode)s, %(plover_map)s, %(cameo_code)s, %(cameo_map)s, %(is_symmetric)s, %(needs_recipient)s, %(quad_plover)s, %(quad_cameo)s, %(goldstein)s, %(plover_score)s)
on conflict (event_type) do update set
    group_slug = excluded.group_slug, meaning = excluded.meaning, plover_type = excluded.plover_type, plover_mode = excluded.plover_mode,
    plover_map = excluded.plover_map, cameo_code = excluded.cameo_code, cameo_map = excluded.cameo_map, is_symmetric = excluded.is_symmetric,
    needs_recipient = excluded.needs_recipient, quad_plover = excluded.quad_plover, quad_cameo = excluded.quad_cameo,
    goldstein = excluded.goldstein, plover_score = excluded.plover_score;

-- name: summarise
-- What the warehouse holds: one row of counts for people.
select
    (select count(*) from ops.feed where is_active) as feeds,
    (select count(*) from ops.fetch_log) as requests,
    (select count(*) from raw.document) as documents,
    (select count(*) from raw.item) as items,
    (select count(*) from core.story where copy_of is null) as stories,
    (select count(*) from core.story_revision r join core.story s using (story_id) where s.copy_of is null) as revisions,
    (select count(*) from core.story where copy_of is not null) as copies,
    (select count(*) from core.event_version where known_to = 'infinity' and change_kind <> 'retraction') as events,
    (select count(*) from core.mention where quote is not null) as mentions,
    (select count(*) from ops.quarantine where status = 'open') as quarantined;
