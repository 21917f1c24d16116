-- name: question_keep^
insert into questions (id, community, member, platform, user_id, chat, thread, private, text_sealed,
                       same, language, entry, asked_at, forget_at)
values (:id, :community, :member, :platform, :user_id, :chat, :thread, :private, :text_sealed,
        :same, :language, :entry, :now, :forget_at)
on conflict (member, same) where answered_at is null do update
set platform = excluded.platform, user_id = excluded.user_id, chat = excluded.chat,
    thread = excluded.thread, private = excluded.private, language = excluded.language,
    text_sealed = excluded.text_sealed,
    entry = case when questions.handed_at is null then excluded.entry else questions.entry end,
    forget_at = case when questions.handed_at is null then excluded.forget_at
                     else questions.forget_at end
returning id;

-- name: question_hand_over^
update questions set handed_at = :now, forget_at = :forget_at
where id = :id and community = :community and handed_at is null and answered_at is null
returning id;

-- name: question_chosen!
update questions set entry = :entry
where id = :id and community = :community and handed_at is null;

-- name: question_get^
select id, member, platform, user_id, chat, thread, private, text_sealed, language, entry,
       handed_at, answered_at
from questions where id = :id and community = :community;

-- name: question_drop^
delete from questions
where id = :id and community = :community and member = :member and answered_at is null
returning id;

-- name: question_shared^
select 1 as shared from questions
where community = :community and id <> :id and handed_at is not null and answered_at is null
  and same = (select a.same from questions a where a.id = :id and a.community = :community)
limit 1;

-- name: questions_count^
select count(distinct same) as waiting
from (select same from questions
      where community = :community and handed_at is not null and answered_at is null
      limit 1000) w;

-- name: questions_page
select q.id, q.text_sealed, q.entry, g.people
from (select min(id) as id, count(*) as people, min(asked_at) as since from questions
      where community = :community and handed_at is not null and answered_at is null
      group by same order by min(asked_at), min(id) limit :most offset :skip) g
join questions q on q.id = g.id
order by g.since, g.id;

-- name: question_answer
update questions set answered_at = :now
where community = :community and handed_at is not null and answered_at is null
  and same = (select a.same from questions a where a.id = :id and a.community = :community)
returning id, member, platform, user_id, chat, thread, private, text_sealed, language, entry,
          handed_at, answered_at;

-- name: questions_of
select text_sealed, asked_at from questions
where community = :community and member = :member order by asked_at desc, id desc limit :most;

-- name: questions_forget!
delete from questions where community = :community and member = :member;

-- name: questions_forget_old!
delete from questions where community = :community and forget_at <= :now;

-- name: questions_forget_next^
select min(forget_at) as forget_at from questions where community = :community;

-- name: desk_get^
select noticed_at, tidied_since from question_desks where community = :community;

-- name: desk_tidied^
insert into question_desks (community, tidied_since) values (:community, :now)
on conflict (community) do update set tidied_since = excluded.tidied_since
where question_desks.tidied_since is null
returning tidied_since;

-- name: desk_noticed!
insert into question_desks (community, noticed_at) values (:community, :now)
on conflict (community) do update set noticed_at = excluded.noticed_at;
