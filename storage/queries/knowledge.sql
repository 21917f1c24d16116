-- name: knowledge_version^
select version from knowledge where community = :community;

-- name: knowledge_changed!
insert into knowledge (community, version, last_number) values (:community, 1, 0)
on conflict (community) do update set version = knowledge.version + 1;

-- name: knowledge_number^
update knowledge set last_number = last_number + 1 where community = :community
returning last_number;

-- name: knowledge_texts
select p.entry, p.text, p.position
from phrases p join entries e on e.id = p.entry
where e.community = :community and e.removed_at is null
order by p.entry, p.position, p.text;

-- name: knowledge_answers
select a.entry, a.answer
from answers a join entries e on e.id = a.entry
where e.community = :community and e.removed_at is null
order by a.entry, a.language;

-- name: entry_like
select id, number, ref, asked from entries
where community = :community and removed_at is null and asked = :asked
union
select id, number, ref, asked from entries
where community = :community and removed_at is null and ref is not null and ref = :ref;

-- name: entry_add!
insert into entries (id, community, number, ref, asked, helpful, wrong, created_at, changed_at)
values (:id, :community, :number, :ref, :asked, 0, 0, :now, :now);

-- name: entry_set_aside!
insert into entries (id, community, number, asked, helpful, wrong, created_at, changed_at,
                     removed_at)
values (:id, :community, :number, :asked, 0, 0, :now, :now, :now);

-- name: entry_aside^
select e.id, e.number, e.helpful, e.wrong, e.link, p.text as question
from entries e join phrases p on p.entry = e.id and p.position = 0
where e.id = :id and e.community = :community and e.removed_at is not null;

-- name: entry_publish^
update entries set asked = :asked, removed_at = null, changed_at = :now
where id = :id and community = :community
  and not exists (
    select 1 from entries o
    where o.community = :community and o.removed_at is null and o.id <> :id and o.asked = :asked)
  and not exists (
    select 1 from entries o
    where o.community = :community and o.removed_at is null and o.id <> :id
      and o.ref is not null and o.ref = entries.ref)
returning id;

-- name: entry_change!
update entries set ref = coalesce(:ref, ref), asked = :asked, changed_at = :now where id = :id;

-- name: entry_question!
insert into phrases (entry, text, position) values (:entry, :text, 0)
on conflict (entry, text) do update set position = 0;

-- name: entry_questions_before!
update phrases set position = 1 where entry = :entry and position = 0 and text <> :text;

-- name: entry_phrases*!
insert into phrases (entry, text, position) values (:entry, :text, 1)
on conflict (entry, text) do nothing;

-- name: entry_answers_drop!
delete from answers where entry = :entry;

-- name: entry_answers*!
insert into answers (entry, language, answer) values (:entry, :language, :answer);

-- name: entry_answers_of
select language, answer from answers where entry = :entry order by language;

-- name: entry_get^
select e.id, e.number, e.helpful, e.wrong, e.link, p.text as question
from entries e join phrases p on p.entry = e.id and p.position = 0
where e.id = :id and e.community = :community and e.removed_at is null;

-- name: entry_numbered^
select id from entries
where community = :community and number = :number and removed_at is null;

-- name: entries_page
select e.id, e.number, e.helpful, e.wrong, e.link, p.text as question
from entries e join phrases p on p.entry = e.id and p.position = 0
where e.community = :community and e.removed_at is null
order by e.number limit :most offset :skip;

-- name: entries_count^
select count(*) as entries from entries where community = :community and removed_at is null;

-- name: entry_remove^
update entries set removed_at = :now
where id = :id and community = :community and removed_at is null
returning id;

-- name: entry_restore^
update entries set removed_at = null, changed_at = :now
where id = :id and community = :community and removed_at is not null
  and not exists (
    select 1 from entries o
    where o.community = entries.community and o.removed_at is null and o.asked = entries.asked)
  and not exists (
    select 1 from entries o
    where o.community = entries.community and o.removed_at is null and o.ref is not null
      and o.ref = entries.ref)
returning id;

-- name: entry_helped!
update entries set helpful = helpful + 1 where id = :id and community = :community;

-- name: entry_erred!
update entries set wrong = wrong + 1 where id = :id and community = :community;
