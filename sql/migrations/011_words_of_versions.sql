-- migrate:up

-- Nearly every event is told once, by the words that its first version was coded from. They stand in the version: a row of their own
-- would have to be written, indexed and checked as well. Whatever else tells the event is in core.event_mention; the view core.mention has both.
alter table core.event_version
    add column start_char integer,
    add column end_char integer,
    add column quote text,
    add column sentence_start integer,
    add column sentence_end integer,
    add column pattern_id text,
    add check (num_nulls(start_char, end_char, quote, sentence_start, sentence_end, pattern_id) in (0, 6)),
    add check (start_char >= 0 and start_char < end_char and sentence_start <= start_char and end_char <= sentence_end and length(quote) <= 240);
comment on column core.event_version.start_char is 'First character in the body';
comment on column core.event_version.end_char is 'One past the last character';
comment on column core.event_version.quote is 'The words, at most 240 characters';
comment on column core.event_version.sentence_start is 'First character of the sentence';
comment on column core.event_version.sentence_end is 'One past the sentences last character';
comment on column core.event_version.pattern_id is 'Codebook row that matched, or copy for a reprint';
comment on table core.event_version is 'What we held about an event, and when, with the words that it was coded from unless they were known: append-only, the current row has known_to = infinity';
comment on table core.event_mention is 'Evidence beside the words of the versions: which other words of which revision report the event';

-- Most questions take milliseconds, and longer to compile where the server does.
alter role communique_analyst set jit = off;

-- migrate:down
