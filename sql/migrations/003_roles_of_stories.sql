-- migrate:up

-- Pages say more of a story than its text.
alter table core.story_revision
    add column standfirst text,
    add column section text,
    add column attribution text,
    add column is_truncated boolean not null default false,
    add column changes text;
comment on column core.story_revision.standfirst is 'What the page says of the story in a sentence or two, where that is not how the text begins';
comment on column core.story_revision.section is 'Section of the site, as the page says';
comment on column core.story_revision.attribution is 'Who the headline says it by, where it ends so: sources, report, Tass';
comment on column core.story_revision.is_truncated is 'Whether the text breaks off, as previews do';
comment on column core.story_revision.changes is 'What this revision changed, word for word: [-gone-] {+come+}, with the words around; null for a first revision';

-- Roles may change: an original may come after its copy. What a story was before is kept.
alter table core.story
    add column happening_of bigint references core.story,
    add column happening_reason text;
comment on column core.story.happening_of is 'Story, of another agency or an earlier hour, that reports the same happening in its own words';
comment on column core.story.happening_reason is 'Why the two are held to report one happening';
create index story_happening on core.story (happening_of) where happening_of is not null;

create table core.story_role (
    story_id bigint not null references core.story,
    changed_at timestamptz not null,
    copy_of_before bigint references core.story,
    copy_of_after bigint references core.story,
    reason text not null,
    run_id bigint references ops.run,
    primary key (story_id, changed_at)
);
comment on table core.story_role is 'Stories whose role changed: an original that turned out to be a copy when the true one came';
comment on column core.story_role.story_id is 'Story';
comment on column core.story_role.changed_at is 'When';
comment on column core.story_role.copy_of_before is 'What it was a copy of before; null where it was held as an original';
comment on column core.story_role.copy_of_after is 'What it is a copy of since';
comment on column core.story_role.reason is 'Why';
comment on column core.story_role.run_id is 'Run that changed it';

alter table core.story_item drop constraint story_item_relation_check;
alter table core.story_item add constraint story_item_relation_check check (relation in ('new', 'report', 'revision', 'copy', 'repeat'));

grant select, insert on core.story_role to communique_loader;
grant update (copy_of, copy_kind, copy_score, copy_reason, happening_of, happening_reason) on core.story to communique_loader;
grant update (story_id) on core.event to communique_loader;

-- migrate:down
