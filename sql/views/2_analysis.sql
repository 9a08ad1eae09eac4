-- What analysts ask of events: over time, by pair, by kind, and back to the bytes.

create or replace view warehouse.event_versions as
select v.event_id, v.version, v.known_from, v.known_to, v.change_kind, v.change_note, v.event_type, v.plover_type, v.plover_mode, v.cameo_code, v.quad_plover,
    v.quad_cameo, v.goldstein, v.plover_score, v.status, v.is_background, v.object_key, v.event_on, v.event_end_on, v.date_precision, v.date_basis,
    v.place_name, v.place_country_code, v.is_veiled, v.actors, v.recipients, v.implied, v.actor_names, v.recipient_names, v.contexts,
    v.confidence, v.story_id, v.revision, v.coder_version, v.run_id, v.parent_event_id
from core.event_version v;
comment on view warehouse.event_versions is 'Every version of every event, with when we held it and what it was for; a retraction says that the event was withdrawn';

create or replace view warehouse.mention_versions as
select m.event_id, m.story_id, m.revision, m.quote, m.start_char, m.end_char, m.pattern_id, m.coder_version, m.recorded_at, r.known_from, r.known_to
from core.mention m join core.story_revision r using (story_id, revision) where m.quote is not null;
comment on view warehouse.mention_versions is 'Every passage that ever reported an event, with when we held its revision';

-- Without rights of its own and in one select, so that the planner writes it into the question: a pair is found by index, whatever the moment.
create or replace function warehouse.events_as_of(as_of timestamptz)
returns table (
    event_id text, version integer, event_type text, plover_type text, plover_mode text, cameo_code text, quad_plover smallint, quad_cameo smallint,
    goldstein real, plover_score real, status text, is_background boolean, object_key text, event_on date, event_end_on date, date_precision text,
    place_name text, place_country_code text, actors text[], recipients text[], implied text[], evidence text, confidence real, story_id bigint,
    revision integer, coder_version text, known_from timestamptz, known_to timestamptz)
language sql stable as $$
    select v.event_id, v.version, v.event_type, v.plover_type, v.plover_mode, v.cameo_code, v.quad_plover, v.quad_cameo, v.goldstein, v.plover_score,
        v.status, v.is_background, v.object_key, v.event_on, v.event_end_on, v.date_precision, v.place_name, v.place_country_code::text,
        v.actors, v.recipients, v.implied,
        (select m.quote from warehouse.mention_versions m
            where m.event_id = v.event_id and m.recorded_at <= as_of and m.known_from <= as_of and as_of < m.known_to
            order by m.story_id <> v.story_id, m.revision <> v.revision, m.start_char limit 1),
        v.confidence, v.story_id, v.revision, v.coder_version, v.known_from, v.known_to
    from warehouse.event_versions v
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
select e.event_id, x.source_count, x.report_count, x.copy_count, x.sources, x.first_reported_at, x.same_as
from core.event_version e
cross join lateral (
    select count(distinct s.wire_slug) filter (where s.copy_of is null) as source_count,
        count(distinct s.story_id) filter (where s.copy_of is null) as report_count, count(distinct s.story_id) filter (where s.copy_of is not null) as copy_count,
        array_agg(distinct s.wire_slug order by s.wire_slug) filter (where s.copy_of is null) as sources,
        min(r.published_at) as first_reported_at, array_remove(array_agg(distinct a.other order by a.other), e.event_id) as same_as
    from (
        select e.event_id as other
        union select same_as from core.event_link l where l.event_id = e.event_id and l.undone_at is null
        union select l.event_id from core.event_link l where l.same_as = e.event_id and l.undone_at is null
    ) a
    join core.mention m on m.event_id = a.other and m.quote is not null
    join core.story s on s.story_id = m.story_id
    join core.story_revision r on r.story_id = m.story_id and r.revision = m.revision and r.known_to = 'infinity'
    having count(*) > 0
) x
where e.version = 1;
comment on view warehouse.event_sources is 'How many agencies tell of each event in reports of their own, how many print copies, and which events are the same happening';
comment on column warehouse.event_sources.source_count is 'Agencies with a report of their own: confirmation';
comment on column warehouse.event_sources.report_count is 'Reports that are no copies';
comment on column warehouse.event_sources.copy_count is 'Copies: coverage, not confirmation';
comment on column warehouse.event_sources.sources is 'The agencies';
comment on column warehouse.event_sources.first_reported_at is 'Published time of the first report';
comment on column warehouse.event_sources.same_as is 'Events of other identity that are the same happening';

create or replace function core.is_mutual(type ref.event_type, recipients text[]) returns boolean language sql immutable as $$
    -- What needs somebody else, or is a meeting, and names its actors alone is between them: two armies that exchange fire.
    select type.is_symmetric or (cardinality(recipients) = 0 and (type.needs_recipient or type.group_slug = 'meet'))
$$;
comment on function core.is_mutual is 'Whether an event is between its parties, each of whom is source and target';

create or replace view warehouse.dyads as
select v.event_id, p.source, p.target, p.is_implied, v.event_on,
    v.event_type, coalesce(v.plover_type, v.event_type) as class, v.plover_type, v.status, v.is_background, v.goldstein, v.plover_score, v.quad_plover, v.quad_cameo
from core.event_version v
join ref.event_type t using (event_type)
cross join lateral (select core.is_mutual(t, v.recipients) as is_mutual) m
cross join lateral (
    select distinct a.source, b.target, b.is_implied
    from unnest(case when m.is_mutual then v.actors || v.recipients else v.actors end) a (source)
    cross join (
        select unnest(case when m.is_mutual then v.actors || v.recipients else v.recipients end), false union all select unnest(v.implied), true
    ) b (target, is_implied)
    where a.source <> b.target and (not b.is_implied or a.source = any(v.actors))
) p
where v.known_to = 'infinity' and v.change_kind <> 'retraction';
comment on view warehouse.dyads is 'Directed pairs of current events. Co-actors are paired only where the act is done together or to each other, so that a concern that two share makes them no enemies; who is only meant is flagged';
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
select v.event_id, v.event_type, v.status, v.event_on, v.is_background, v.actors as donors, v.recipients, q.measure, q.value, q.unit, q.kind::text as kind,
    q.is_approximate, q.text as amount,
    v.event_type = 'AID_PLEDGED' and not exists (
        select from core.event_version d
        where d.event_type in ('AID_DELIVERED', 'ARMS_TRANSFER') and d.known_to = 'infinity' and d.change_kind <> 'retraction'
            and d.actors && v.actors and d.recipients && v.recipients and d.event_on >= v.event_on
    ) as is_without_delivery, v.evidence
from warehouse.events_current v
join core.event_version w using (event_id, version)
left join unnest(w.quantities) q on true
where v.event_type in ('AID_PLEDGED', 'AID_DELIVERED', 'ARMS_TRANSFER', 'AID_CUT');
comment on view warehouse.aid is 'Aid and arms pledged, delivered and cut, one row an amount. Sum only kind increment: a running total contains what was told before';
comment on column warehouse.aid.donors is 'Who gives, or stops giving';
comment on column warehouse.aid.measure is 'What is counted: vaccine_dose, money, ship ...';
comment on column warehouse.aid.value is 'Normalised value';
comment on column warehouse.aid.unit is 'Unit; ISO 4217 code for money';
comment on column warehouse.aid.kind is 'Whether it adds to or states a total: increment, cumulative, target, ceiling';
comment on column warehouse.aid.is_approximate is 'Whether the text says about';
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

create or replace function core.count_dyad_days(days date[]) returns void language plpgsql as $$
begin
    delete from core.dyad_day where event_on = any(days);
    insert into core.dyad_day (source, target, event_on, class, is_implied, event_count, source_count, mean_goldstein, mean_plover_score)
    select source, target, event_on, class, is_implied, count(*),
        (select count(distinct wire) from unnest(string_to_array(string_agg(wires, ','), ',')) wire), avg(goldstein), avg(plover_score)
    from (
        -- Agencies with a report of their own are looked up event by event: before the tables are first analysed, the planner would
        -- join them by comparing each with each.
        select d.source, d.target, d.event_on, d.class, d.is_implied, d.goldstein, d.plover_score, (
            select string_agg(wire, ',') from (
                select (select s.wire_slug from core.story s join core.story_revision r using (story_id)
                    where s.story_id = m.story_id and s.copy_of is null and r.revision = m.revision and r.known_to = 'infinity') as wire
                from core.mention m where m.event_id = d.event_id and m.quote is not null
            ) reports
        ) as wires
        from warehouse.dyads d
        where d.event_on = any(days) and not d.is_background
    ) paired
    group by 1, 2, 3, 4, 5;
end $$;
comment on function core.count_dyad_days is 'Counts the pairs of some days anew';

select core.count_dyad_days(array(select event_on from core.dyad_day_due));
delete from core.dyad_day_due;
