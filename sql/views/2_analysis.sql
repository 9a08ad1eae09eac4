-- What analysts ask of events: over time, by pair, by kind, and back to the bytes.

create or replace function warehouse.events_as_of(as_of timestamptz)
returns table (
    event_id text, version integer, event_type text, plover_type text, plover_mode text, cameo_code text, quad_plover smallint, quad_cameo smallint,
    goldstein real, plover_score real, status text, is_background boolean, object_key text, event_on date, event_end_on date, date_precision text,
    place_name text, place_country_code char(3), actors text[], recipients text[], implied text[], evidence text, confidence real, story_id bigint,
    revision integer, coder_version text, known_from timestamptz, known_to timestamptz)
language sql stable as $$
    select v.event_id, v.version, v.event_type, v.plover_type, v.plover_mode, v.cameo_code, v.quad_plover, v.quad_cameo, v.goldstein, v.plover_score,
        v.status, v.is_background, v.object_key, v.event_on, v.event_end_on, v.date_precision, v.place_name, v.place_country_code,
        coalesce(p.actors, '{}'), coalesce(p.recipients, '{}'), coalesce(p.implied, '{}'), m.quote, v.confidence, v.story_id, v.revision,
        v.coder_version, v.known_from, v.known_to
    from core.event_version v
    left join lateral (
        select array_agg(coalesce(country_code::text, name) order by position) filter (where side = 'actor') as actors,
            array_agg(coalesce(country_code::text, name) order by position) filter (where side = 'recipient') as recipients,
            array_agg(coalesce(country_code::text, name) order by position) filter (where side = 'implied') as implied
        from core.event_party y where y.event_id = v.event_id and y.version = v.version
    ) p on true
    left join lateral (
        select y.quote from core.event_mention y
        where y.event_id = v.event_id and y.story_id = v.story_id and y.revision = v.revision and y.recorded_at <= as_of
        order by y.start_char limit 1
    ) m on true
    where v.known_from <= as_of and as_of < v.known_to and v.change_kind <> 'retraction'
$$;
comment on function warehouse.events_as_of is 'The events exactly as the warehouse would have answered at a moment, over corrections, withdrawn stories and re-codings';

create or replace view warehouse.event_lineage as
select v.event_id, v.version, v.change_kind, v.known_from, v.known_to, v.coder_version, v.story_id, v.revision, s.outlet, s.url, r.item_id,
    i.feed_slug, d.document_id, d.url as document_url, d.sha256, d.byte_count, d.fetched_at, d.run_id as fetch_run_id, v.run_id as load_run_id,
    f.dag_id as fetch_dag_id, f.dag_run_id as fetch_dag_run_id, l.dag_id, l.dag_run_id, l.batch_key
from core.event_version v
join core.story s using (story_id)
join core.story_revision r on r.story_id = v.story_id and r.revision = v.revision
join raw.item i using (item_id)
join raw.document d on d.document_id = coalesce(i.page_document_id, i.feed_document_id)
left join ops.run f on f.run_id = d.run_id
join ops.run l on l.run_id = v.run_id;
comment on view warehouse.event_lineage is 'From each version of each event to story, revision, item, feed, document, fetch and load with their Airflow runs, and the coder';
comment on column warehouse.event_lineage.document_url is 'Address that was asked for';
comment on column warehouse.event_lineage.fetch_run_id is 'Run that fetched the bytes';
comment on column warehouse.event_lineage.load_run_id is 'Run that loaded the version';
comment on column warehouse.event_lineage.fetch_dag_id is 'Dag of the fetch';
comment on column warehouse.event_lineage.fetch_dag_run_id is 'Airflow run of the fetch';
comment on column warehouse.event_lineage.dag_id is 'Dag of the load';
comment on column warehouse.event_lineage.dag_run_id is 'Airflow run of the load';

create or replace view warehouse.event_sources as
with alike as (
    select event_id, event_id as other from core.event
    union select event_id, same_as from core.event_link where undone_at is null
    union select same_as, event_id from core.event_link where undone_at is null
)
select a.event_id, count(distinct s.wire_slug) filter (where s.copy_of is null) as source_count,
    count(distinct s.story_id) filter (where s.copy_of is null) as report_count, count(distinct s.story_id) filter (where s.copy_of is not null) as copy_count,
    array_agg(distinct s.wire_slug order by s.wire_slug) filter (where s.copy_of is null) as sources,
    min(r.published_at) as first_reported_at, array_remove(array_agg(distinct a.other order by a.other), a.event_id) as same_as
from alike a
join core.event_mention m on m.event_id = a.other
join core.story s on s.story_id = m.story_id
join core.story_revision r on r.story_id = m.story_id and r.revision = m.revision and r.known_to = 'infinity'
group by a.event_id;
comment on view warehouse.event_sources is 'How many agencies tell of each event in reports of their own, how many print copies, and which events are the same happening';
comment on column warehouse.event_sources.source_count is 'Agencies with a report of their own: confirmation';
comment on column warehouse.event_sources.report_count is 'Reports that are no copies';
comment on column warehouse.event_sources.copy_count is 'Copies: coverage, not confirmation';
comment on column warehouse.event_sources.sources is 'The agencies';
comment on column warehouse.event_sources.first_reported_at is 'Published time of the first report';
comment on column warehouse.event_sources.same_as is 'Events of other identity that are the same happening';

create or replace view warehouse.dyads as
select distinct v.event_id, coalesce(a.country_code::text, a.name) as source, coalesce(b.country_code::text, b.name) as target, b.side = 'implied' as is_implied, v.event_on,
    v.event_type, coalesce(v.plover_type, v.event_type) as class, v.plover_type, v.status, v.is_background, v.goldstein, v.plover_score, v.quad_plover, v.quad_cameo
from core.event_version v
join ref.event_type t using (event_type)
join core.event_party a on a.event_id = v.event_id and a.version = v.version
join core.event_party b on b.event_id = v.event_id and b.version = v.version and coalesce(b.country_code::text, b.name) <> coalesce(a.country_code::text, a.name)
where v.known_to = 'infinity' and v.change_kind <> 'retraction'
    and ((a.side = 'actor' and b.side in ('recipient', 'implied'))
        or (t.is_symmetric and a.side in ('actor', 'recipient') and b.side in ('actor', 'recipient')));
comment on view warehouse.dyads is 'Directed pairs of current events. Co-actors are paired only where the act is done together, so that a concern that two share makes them no enemies; who is only meant is flagged';
comment on column warehouse.dyads.source is 'Who acts: ISO 3166-1 alpha-3, or the name of a body';
comment on column warehouse.dyads.target is 'To whom';
comment on column warehouse.dyads.is_implied is 'Whether the target is meant and not named';
comment on column warehouse.dyads.class is 'PLOVER type; our event type where PLOVER has none';

create or replace view warehouse.dyad_day as
select source, target, event_on, class, is_implied, event_count, source_count, mean_goldstein, mean_plover_score, refreshed_at from core.dyad_day;
comment on view warehouse.dyad_day is 'Events a day by directed pair and class; background left out; as of the last load that touched the day';

create or replace view warehouse.visits as
select v.event_id, v.status, v.is_background, v.event_on as from_on, v.event_end_on as until_on, v.date_precision, v.actors as visitors, v.actor_names as visitor_names,
    v.recipients as hosts, v.place_name, v.evidence, s.source_count
from warehouse.events_current v left join warehouse.event_sources s using (event_id)
where v.event_type in ('VISIT', 'VISIT_ANNOUNCED');
comment on view warehouse.visits is 'Who went where, from when to when, visits that are announced included (status planned)';
comment on column warehouse.visits.from_on is 'First day';
comment on column warehouse.visits.until_on is 'Last day, where it is told';
comment on column warehouse.visits.visitors is 'Countries of the visitors';
comment on column warehouse.visits.visitor_names is 'The visitors by name';
comment on column warehouse.visits.hosts is 'Countries that are visited';
comment on column warehouse.visits.source_count is 'Agencies with a report of their own';

create or replace view warehouse.agreements as
select v.event_id, v.event_type, v.status, v.is_background, v.event_on, v.date_precision, array_cat(v.actors, v.recipients) as parties, v.object_key, v.contexts, v.evidence,
    s.source_count
from warehouse.events_current v left join warehouse.event_sources s using (event_id)
where v.event_type in ('AGREE_COOPERATE', 'TALKS_AGREED', 'TREATY_SIGNED', 'TREATY_RATIFIED', 'JOINT_STATEMENT', 'CEASEFIRE', 'RELATIONS_RAISED');
comment on view warehouse.agreements is 'What was agreed, signed, ratified or stated together, by whom and about what';
comment on column warehouse.agreements.parties is 'Those who agree';
comment on column warehouse.agreements.source_count is 'Agencies with a report of their own';

create or replace view warehouse.aid as
select v.event_id, v.event_type, v.status, v.event_on, v.is_background, v.actors as donors, v.recipients, q.measure, q.value, q.unit, q.kind, q.is_approximate, q.text as amount,
    v.event_type = 'AID_PLEDGED' and not exists (
        select from warehouse.dyads g join warehouse.dyads d on d.source = g.source and d.target = g.target
        where g.event_id = v.event_id and d.event_type in ('AID_DELIVERED', 'ARMS_TRANSFER') and d.event_on >= v.event_on
    ) as is_without_delivery, v.evidence
from warehouse.events_current v
left join core.event_quantity q on q.event_id = v.event_id and q.version = v.version
where v.event_type in ('AID_PLEDGED', 'AID_DELIVERED', 'ARMS_TRANSFER', 'AID_CUT');
comment on view warehouse.aid is 'Aid and arms pledged, delivered and cut, one row an amount. Sum only kind increment: a running total contains what was told before';
comment on column warehouse.aid.donors is 'Who gives, or stops giving';
comment on column warehouse.aid.amount is 'The amount in the words of the text';
comment on column warehouse.aid.is_without_delivery is 'Whether it is a pledge and no delivery from donor to recipient is held since';

create or replace view warehouse.statements as
select v.event_id, v.event_type, v.status, v.event_on, v.is_background, v.actors as speakers, v.actor_names as speaker_names, v.recipients as addressees, v.implied, v.object_key,
    (array_position(array['CONCERN_EXPRESSED', 'OPPOSE', 'CONDEMN', 'FORMAL_PROTEST', 'ENVOY_SUMMONED', 'ENVOY_RECALLED', 'ENVOY_EXPELLED', 'RELATIONS_LOWERED'],
        v.event_type)) as rung, v.evidence
from warehouse.events_current v join ref.event_type t using (event_type)
where t.group_slug = 'speech' or v.event_type in ('FORMAL_PROTEST', 'ENVOY_SUMMONED', 'ENVOY_RECALLED', 'ENVOY_EXPELLED', 'RELATIONS_LOWERED');
comment on view warehouse.statements is 'Who criticised, urged, praised or backed whom, with the rung on the ladder of displeasure';
comment on column warehouse.statements.speakers is 'Who speaks';
comment on column warehouse.statements.speaker_names is 'The speakers by name';
comment on column warehouse.statements.addressees is 'Of or to whom';
comment on column warehouse.statements.rung is '1 concern, 2 opposition, 3 condemnation, 4 formal protest, 5 envoy summoned, 6 recalled, 7 expelled, 8 relations lowered; null where it is no displeasure';

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
