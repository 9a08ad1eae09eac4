-- The warehouse in the columns of others, for tools that read those. What we do not know is null.

create or replace view warehouse.events_gdelt as
select v.event_id || ':' || row_number() over (partition by v.event_id order by d.source, d.target) as "GLOBALEVENTID", to_char(v.event_on, 'YYYYMMDD') as "SQLDATE",
    to_char(v.event_on, 'YYYYMM') as "MonthYear", to_char(v.event_on, 'YYYY') as "Year",
    round((extract(year from v.event_on) + (extract(doy from v.event_on) - 1) / 365.25)::numeric, 4) as "FractionDate",
    a.code as "Actor1Code", a.name as "Actor1Name", a.country_code::text as "Actor1CountryCode", null::text as "Actor1KnownGroupCode",
    null::text as "Actor1EthnicCode", null::text as "Actor1Religion1Code", null::text as "Actor1Religion2Code", a.sector as "Actor1Type1Code",
    null::text as "Actor1Type2Code", null::text as "Actor1Type3Code",
    b.code as "Actor2Code", b.name as "Actor2Name", b.country_code::text as "Actor2CountryCode", null::text as "Actor2KnownGroupCode",
    null::text as "Actor2EthnicCode", null::text as "Actor2Religion1Code", null::text as "Actor2Religion2Code", b.sector as "Actor2Type1Code",
    null::text as "Actor2Type2Code", null::text as "Actor2Type3Code",
    1 as "IsRootEvent", v.cameo_code as "EventCode", left(v.cameo_code, 3) as "EventBaseCode", left(v.cameo_code, 2) as "EventRootCode", v.quad_cameo as "QuadClass",
    v.goldstein as "GoldsteinScale", v.mention_count as "NumMentions", coalesce(s.source_count, 0) as "NumSources", v.story_count as "NumArticles", null::real as "AvgTone",
    null::integer as "Actor1Geo_Type", null::text as "Actor1Geo_FullName", null::text as "Actor1Geo_CountryCode", null::text as "Actor1Geo_ADM1Code",
    null::text as "Actor1Geo_ADM2Code", null::float8 as "Actor1Geo_Lat", null::float8 as "Actor1Geo_Long", null::text as "Actor1Geo_FeatureID",
    null::integer as "Actor2Geo_Type", null::text as "Actor2Geo_FullName", null::text as "Actor2Geo_CountryCode", null::text as "Actor2Geo_ADM1Code",
    null::text as "Actor2Geo_ADM2Code", null::float8 as "Actor2Geo_Lat", null::float8 as "Actor2Geo_Long", null::text as "Actor2Geo_FeatureID",
    case when v.place_name is null then 0 when v.place_name = c.name then 1 else 4 end as "ActionGeo_Type", v.place_name as "ActionGeo_FullName",
    v.place_country_code::text as "ActionGeo_CountryCode", null::text as "ActionGeo_ADM1Code", null::text as "ActionGeo_ADM2Code", v.place_latitude as "ActionGeo_Lat",
    v.place_longitude as "ActionGeo_Long", null::text as "ActionGeo_FeatureID", to_char(v.first_known_at at time zone 'UTC', 'YYYYMMDDHH24MISS') as "DATEADDED", t.url as "SOURCEURL"
from warehouse.events_current v
join core.event_version w using (event_id, version)
join core.story t on t.story_id = v.story_id
join ref.event_type k on k.event_type = v.event_type
cross join lateral (select core.is_mutual(k, w.recipients) as is_mutual) m
left join lateral (
    select distinct a.source, b.target
    from unnest(case when m.is_mutual then w.actors || w.recipients else w.actors end) a (source)
    cross join unnest(case when m.is_mutual then w.actors || w.recipients else w.recipients end) b (target)
    where case when m.is_mutual then a.source < b.target else a.source <> b.target end
) d on true
left join warehouse.event_sources s on s.event_id = v.event_id
left join ref.country c on c.country_code = v.place_country_code
left join lateral (
    select coalesce(p.country_code, '') || coalesce(p.sector, '') as code, upper(p.name) as name, p.country_code, p.sector
    from unnest(w.parties) with ordinality as p (side, country_code, name, text, role, sector, position)
    where coalesce(p.country_code, p.name) = coalesce(d.source, w.actors[1]) order by p.position limit 1
) a on true
left join lateral (
    select coalesce(p.country_code, '') || coalesce(p.sector, '') as code, upper(p.name) as name, p.country_code, p.sector
    from unnest(w.parties) with ordinality as p (side, country_code, name, text, role, sector, position)
    where coalesce(p.country_code, p.name) = d.target order by p.position limit 1
) b on true
where not v.is_background and v.event_on is not null;
comment on view warehouse.events_gdelt is 'The 61 event columns of GDELT 2.0 by name and order, one row a pair; countries are ISO 3166-1 alpha-3, where GDELT has CAMEO and FIPS codes; background left out';

create or replace view warehouse.events_polecat as
select v.event_id as "Event ID", v.event_on as "Event Date", v.plover_type as "Event Type", v.plover_mode as "Event Mode", v.plover_score as "Intensity", v.quad_plover as "Quad Code",
    array_to_string(v.contexts, ';') as "Contexts",
    a.name as "Actor Name", a.country as "Actor Country", null::text as "Actor COW", a.sector as "Actor Primary Sector",
    a.sectors as "Actor Sectors", a.title as "Actor Title", a.raw as "Actor Name Raw", null::text as "Wikipedia Actor ID",
    b.name as "Recipient Name", b.country as "Recipient Country", null::text as "Recipient COW", b.sector as "Recipient Primary Sector",
    b.sectors as "Recipient Sectors", b.title as "Recipient Title", b.raw as "Recipient Name Raw", null::text as "Wikipedia Recipient ID",
    v.place_name as "Placename", null::text as "City", null::text as "District", null::text as "Province", c.name as "Country", v.place_latitude as "Latitude",
    v.place_longitude as "Longitude", null::text as "GeoNames ID", v.place_name as "Raw Placename", null::text as "Feature Type", s.outlet as "Source",
    s.published_at::date as "Publication Date", null::text as "Story People", null::text as "Story Organizations", null::text as "Story Locations", s.language as "Language",
    v.coder_version as "Version"
from warehouse.events_current v
join core.event_version w using (event_id, version)
join warehouse.story_current s on s.story_id = v.story_id
left join ref.country c on c.country_code = v.place_country_code
left join lateral (
    select string_agg(p.name, ';' order by p.position) as name, string_agg(distinct coalesce(c.name, 'None'), ';') as country,
        (array_agg(p.sector order by p.position))[1] as sector, string_agg(distinct p.sector, ';') as sectors, string_agg(p.role, ';' order by p.position) as title,
        string_agg(p.text, ';' order by p.position) as raw
    from unnest(w.parties) with ordinality as p (side, country_code, name, text, role, sector, position) left join ref.country c using (country_code)
    where p.side = 'actor'
) a on true
left join lateral (
    select string_agg(p.name, ';' order by p.position) as name, string_agg(distinct coalesce(c.name, 'None'), ';') as country,
        (array_agg(p.sector order by p.position))[1] as sector, string_agg(distinct p.sector, ';') as sectors, string_agg(p.role, ';' order by p.position) as title,
        string_agg(p.text, ';' order by p.position) as raw
    from unnest(w.parties) with ordinality as p (side, country_code, name, text, role, sector, position) left join ref.country c using (country_code)
    where p.side = 'recipient'
) b on true
where v.plover_type is not null and not v.is_background;
comment on view warehouse.events_polecat is 'The 40 columns of POLECAT by name and order; Event Type is PLOVER''s, so events that PLOVER has no type for are left out, and background';

do $$
declare shown record;
begin
    for shown in select c.oid::regclass as view, a.attname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
        where c.oid in ('warehouse.events_gdelt'::regclass, 'warehouse.events_polecat'::regclass)
    loop
        execute format('comment on column %s.%I is %L', shown.view, shown.attname,
            'As ' || case when shown.view = 'warehouse.events_gdelt'::regclass then 'GDELT 2.0''s' else 'POLECAT''s' end || ' column of this name; null where we do not know it');
    end loop;
end $$;
