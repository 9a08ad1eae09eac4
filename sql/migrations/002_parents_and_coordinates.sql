-- migrate:up

-- What an event is part of, and where exactly it happened.
alter table core.event_version
    add column parent_event_id text references core.event,
    add column place_latitude double precision check (place_latitude between -90 and 90),
    add column place_longitude double precision check (place_longitude between -180 and 180);
comment on column core.event_version.parent_event_id is 'Event of the same story that it is part of: a statement of a meeting, a meeting of a visit';
comment on column core.event_version.place_latitude is 'Degrees north, where the gazetteer knows the place';
comment on column core.event_version.place_longitude is 'Degrees east, where the gazetteer knows the place';
create index event_version_parent on core.event_version (parent_event_id) where known_to = 'infinity';

-- migrate:down
