-- name: facts_of
select name, value, checked_at from facts where entry = :entry order by name;

-- name: fact_put!
insert into facts (entry, name, value, checked_at) values (:entry, :name, :value, :now)
on conflict (entry, name) do update
set value = excluded.value, checked_at = excluded.checked_at;

-- name: fact_drop!
delete from facts where entry = :entry and name = :name;

-- name: facts_of_all
select f.entry, f.name
from facts f join entries e on e.id = f.entry
where e.community = :community and e.removed_at is null
order by f.entry, f.name;

-- name: entry_link!
update entries set link = :link where id = :id and community = :community;

-- name: post_put^
insert into post_entries (id, platform, chat, message, entry)
values (:id, :platform, :chat, :message, :entry)
on conflict (platform, chat, message) do update set entry = excluded.entry
returning id;

-- name: post_drop!
delete from post_entries
where id = :id and entry in (select e.id from entries e where e.community = :community);

-- name: post_entry^
select p.entry
from post_entries p join entries e on e.id = p.entry
where p.platform = :platform and p.chat = :chat and p.message = :message
  and e.community = :community and e.removed_at is null;
