-- name: held_entries
select e.id, e.number, e.ref, e.asked, l.slug as link
from entries e left join links l on l.id = e.link
where e.community = :community and e.removed_at is null order by e.number;

-- name: held_like
select e.id, e.number, e.ref, e.asked, l.slug as link
from (
  select id, number, ref, asked, link from entries
  where community = :community and removed_at is null and asked = :asked
  union
  select id, number, ref, asked, link from entries
  where community = :community and removed_at is null and ref is not null and ref = :ref) e
left join links l on l.id = e.link;

-- name: held_texts
select p.entry, p.text, p.position
from phrases p join entries e on e.id = p.entry
where e.community = :community and e.removed_at is null;

-- name: held_answers
select a.entry, a.language, a.answer
from answers a join entries e on e.id = a.entry
where e.community = :community and e.removed_at is null;

-- name: held_facts
select f.entry, f.name, f.value, f.checked_at
from facts f join entries e on e.id = f.entry
where e.community = :community and e.removed_at is null;

-- name: held_texts_of
select entry, text, position from phrases where entry = :entry;

-- name: held_answers_of
select entry, language, answer from answers where entry = :entry;

-- name: held_facts_of
select entry, name, value, checked_at from facts where entry = :entry;

-- name: import_add!
insert into imports (id, community, platform, user_id, language, page_sealed, parts, total, refused,
                     left_out, applied, added, changed, forget_at)
values (:id, :community, :platform, :user_id, :language, :page_sealed, 0, 0, 0, 0, 0, 0, 0,
        :forget_at);

-- name: import_fill^
update imports set page_sealed = null, parts = :parts, total = :total, refused = :refused
where id = :id and community = :community and parts = 0 and started_at is null
returning id;

-- name: import_parts_add*!
insert into import_parts (import, part, rows_sealed) values (:id, :part, :rows_sealed);

-- name: import_get^
select * from imports where id = :id and community = :community;

-- name: import_start^
update imports set started_at = :now
where id = :id and community = :community and started_at is null and parts > 0
returning id;

-- name: import_undo^
update imports set undoing_at = :now
where id = :id and community = :community and done_at is not null and undoing_at is null
returning id;

-- name: import_forward^
update imports set applied = applied + 1
where id = :id and community = :community and started_at is not null and done_at is null
  and applied < parts
returning applied;

-- name: import_backward^
update imports set applied = applied - 1
where id = :id and community = :community and undoing_at is not null and applied > 0
returning applied;

-- name: import_part^
select rows_sealed, before_sealed, applied_at from import_parts where import = :id and part = :part;

-- name: import_part_done!
update import_parts set before_sealed = :before_sealed, applied_at = :now
where import = :id and part = :part;

-- name: import_counted^
update imports set added = added + :added, changed = changed + :changed,
       left_out = left_out + :left_out,
       done_at = case when applied = parts then cast(:now as bigint) end,
       forget_at = case when applied = parts then cast(:forget_at as bigint) else forget_at end
where id = :id
returning *;

-- name: import_uncounted^
update imports set added = added - :added, changed = changed - :changed,
       left_out = left_out + :left_out,
       undone_at = case when applied = 0 then cast(:now as bigint) end
where id = :id
returning *;

-- name: import_left_none!
update imports set left_out = 0 where id = :id;

-- name: import_entry_out^
update entries set removed_at = :now
where id = :id and community = :community and removed_at is null and changed_at = :changed_at
returning id;

-- name: import_entry_back^
update entries set ref = :ref, asked = :asked, changed_at = :now
where id = :id and community = :community and removed_at is null and changed_at = :changed_at
  and not exists (
    select 1 from entries o
    where o.community = :community and o.removed_at is null and o.asked = :asked and o.id <> :id)
  and not exists (
    select 1 from entries o
    where o.community = :community and o.removed_at is null and o.ref is not null
      and o.ref = :ref and o.id <> :id)
returning id;

-- name: import_link!
update entries
set link = (select l.id from links l where l.slug = :link and l.community = :community)
where id = :id and community = :community;

-- name: import_phrases_drop!
delete from phrases where entry = :entry;

-- name: import_facts_drop!
delete from facts where entry = :entry;

-- name: import_answers_drop!
delete from answers where entry = :entry;

-- name: import_phrases*!
insert into phrases (entry, text, position) values (:entry, :text, :position);

-- name: import_answers*!
insert into answers (entry, language, answer) values (:entry, :language, :answer);

-- name: import_facts*!
insert into facts (entry, name, value, checked_at) values (:entry, :name, :value, :checked_at)
on conflict (entry, name) do update
set value = excluded.value, checked_at = excluded.checked_at;

-- name: import_drop_parts!
delete from import_parts
where import in (select id from imports where id = :id and community = :community);

-- name: import_drop^
delete from imports where id = :id and community = :community returning id;

-- name: imports_of
select total, started_at, forget_at from imports
where community = :community and (platform, user_id) in
  (select platform, user_id from identities where member = :member)
order by forget_at;

-- name: imports_forget!
update imports set platform = null, user_id = null
where community = :community and (platform, user_id) in
  (select platform, user_id from identities where member = :member);

-- name: download_add!
insert into downloads (hash, community, format, expires_at, giveaway)
values (:hash, :community, :format, :expires_at, :giveaway);

-- name: downloads_expire!
delete from downloads where expires_at <= :now;

-- name: download_find^
select format from downloads where hash = :hash and expires_at > :now;

-- name: download_take^
delete from downloads where hash = :hash and expires_at > :now
returning community, format, giveaway,
          (select timezone from communities c where c.id = downloads.community) as timezone;
