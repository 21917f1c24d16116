-- name: question_keep^
insert into questions (id, community, member, platform, user_id, chat, thread, private, message,
                       text_sealed, same, language, entry, asked_at, forget_at)
values (:id, :community, :member, :platform, :user_id, :chat, :thread, :private, :message,
        :text_sealed, :same, :language, :entry, :now, :forget_at)
on conflict (member, same) where answered_at is null do update
set platform = excluded.platform, user_id = excluded.user_id, chat = excluded.chat,
    thread = excluded.thread, private = excluded.private, message = excluded.message,
    language = excluded.language, text_sealed = excluded.text_sealed,
    asked_at = case when questions.handed_at is null then excluded.asked_at
                    else questions.asked_at end,
    entry = case when questions.handed_at is null then excluded.entry else questions.entry end,
    forget_at = case when questions.handed_at is null then excluded.forget_at
                     else questions.forget_at end
returning id;

-- name: question_hand_over^
update questions set handed_at = :now, forget_at = :forget_at, reason = :reason,
    theme = coalesce(
        (select o.theme from questions o
         where o.community = :community and o.same = questions.same and o.id <> :id
           and o.handed_at is not null and o.answered_at is null limit 1),
        questions.id)
where id = :id and community = :community and handed_at is null and answered_at is null
returning theme;

-- name: question_said_here^
select 1 as said from questions
where community = :community and theme = :theme and id <> :id and private = 0
  and platform = :platform and chat = :chat and coalesce(thread, '') = coalesce(:thread, '')
  and handed_at > :since and answered_at is null
limit 1;

-- name: question_answered_here^
select 1 as said from questions
where community = :community and same = :same and entry is not null and asked_at > :since
  and handed_at is null and private = 0 and platform = :platform and chat = :chat
  and coalesce(thread, '') = coalesce(:thread, '')
limit 1;

-- name: question_chosen!
update questions set entry = :entry
where id = :id and community = :community and handed_at is null;

-- name: question_blamed!
update questions set reason = :reason, note_sealed = :note_sealed
where id = :id and community = :community and handed_at is not null and answered_at is null;

-- name: question_get^
select id, member, platform, user_id, chat, thread, private, text_sealed, theme, language, entry,
       handed_at, answered_at
from questions where id = :id and community = :community;

-- name: question_of_message^
select id, member, platform, user_id, chat, thread, private, text_sealed, theme, language, entry,
       handed_at, answered_at
from questions
where community = :community and platform = :platform and chat = :chat and message = :message
order by id desc limit 1;

-- name: question_drop^
delete from questions
where id = :id and community = :community and member = :member and answered_at is null
returning id;

-- name: question_shared^
select 1 as shared from questions
where community = :community and id <> :id and handed_at is not null and answered_at is null
  and theme = (select a.theme from questions a where a.id = :id and a.community = :community)
limit 1;

-- name: questions_count^
select count(distinct theme) as waiting, count(distinct case when handed_at <= :before then theme end)
       as late
from (select theme, handed_at from questions
      where community = :community and handed_at is not null and answered_at is null
      limit 100000) w;

-- name: questions_page
select q.id, q.text_sealed, g.people, g.wordings, w.entry, w.reason, w.note_sealed
from (select theme, min(id) as id, count(distinct member) as people,
             count(distinct same) as wordings, min(asked_at) as since,
             max(case when reason is not null then id end) as wrong
      from questions
      where community = :community and handed_at is not null and answered_at is null
      group by theme order by min(asked_at), min(id) limit :most offset :skip) g
join questions q on q.id = g.id
left join questions w on w.id = g.wrong
order by g.since, g.id;

-- name: questions_wanted
select q.text_sealed, g.people
from (select min(id) as id, count(distinct member) as people from questions
      where community = :community and handed_at is not null and answered_at is null
      group by theme order by count(distinct member) desc, min(id) limit :most) g
join questions q on q.id = g.id
order by g.people desc, g.id;

-- name: questions_wordings
select q.id, q.theme, q.text_sealed, g.people
from (select theme, min(id) as id, count(distinct member) as people from questions
      where community = :community and handed_at is not null and answered_at is null
      group by theme, same order by min(id) desc limit :most) g
join questions q on q.id = g.id
order by q.id;

-- name: questions_wordings_of
select q.id, q.theme, q.text_sealed, g.people
from (select min(id) as id, count(distinct member) as people from questions
      where community = :community and theme = :theme
        and handed_at is not null and answered_at is null
      group by same order by count(distinct member) desc, min(id) limit :most) g
join questions q on q.id = g.id
order by g.people desc, q.id;

-- name: question_join!
update questions set theme = :into
where community = :community and theme = :theme and handed_at is not null and answered_at is null
  and exists (select 1 from questions o
              where o.community = :community and o.theme = :into
                and o.handed_at is not null and o.answered_at is null);

-- name: question_apart!
update questions set theme = :id
where community = :community and handed_at is not null and answered_at is null
  and theme = :theme and same = (select a.same from questions a where a.id = :id);

-- name: question_answer
update questions set answered_at = :now
where community = :community and handed_at is not null and answered_at is null
  and theme = (select a.theme from questions a where a.id = :id and a.community = :community)
returning id, member, platform, user_id, chat, thread, private, text_sealed, theme, language, entry,
          handed_at, answered_at;

-- name: questions_late
update questions set late_at = :now
where id in (select id from questions
             where community = :community and handed_at <= :before and answered_at is null
               and late_at is null
             order by handed_at, id limit :most)
returning id, member, platform, user_id, chat, thread, private, text_sealed, theme, language, entry,
          handed_at, answered_at;

-- name: questions_late_next^
select min(handed_at) as handed_at from questions
where community = :community and handed_at is not null and answered_at is null and late_at is null;

-- name: questions_of
select text_sealed, note_sealed, asked_at from questions
where community = :community and member = :member order by asked_at desc, id desc limit :most;

-- name: questions_forget!
delete from questions where community = :community and member = :member;

-- name: questions_forget_old!
delete from questions where community = :community and forget_at <= :now;

-- name: questions_forget_next^
select min(forget_at) as forget_at from questions where community = :community;

-- name: opinion_helpful!
insert into opinions (entry, member, helpful_at) values (:entry, :member, :now)
on conflict (entry, member) do update set helpful_at = excluded.helpful_at
where opinions.helpful_at is null;

-- name: opinion_wrong!
insert into opinions (entry, member, wrong_at) values (:entry, :member, :now)
on conflict (entry, member) do update set wrong_at = excluded.wrong_at
where opinions.wrong_at is null;

-- name: opinions_of^
select count(helpful_at) as helpful, count(wrong_at) as wrong from opinions where member = :member;

-- name: opinions_forget!
delete from opinions where member = :member;

-- name: day_count!
insert into question_days (community, day, entry, answered, helpful, wrong, handed)
values (:community, :day, :entry, :answered, :helpful, :wrong, :handed)
on conflict (community, day, entry) do update
set answered = question_days.answered + excluded.answered,
    helpful = question_days.helpful + excluded.helpful,
    wrong = question_days.wrong + excluded.wrong,
    handed = question_days.handed + excluded.handed;

-- name: days_entries
select d.entry, p.text as question, e.number, sum(d.answered) as answered, sum(d.helpful) as helpful,
       sum(d.wrong) as wrong
from question_days d
join entries e on e.id = d.entry and e.removed_at is null
join phrases p on p.entry = e.id and p.position = 0
where d.community = :community and d.day >= :since and d.day <= :until
group by d.entry, p.text, e.number
order by sum(d.answered) desc, d.entry limit :most;

-- name: days_total^
select coalesce(sum(case when entry <> '' then answered end), 0) as answered,
       coalesce(sum(helpful), 0) as helpful, coalesce(sum(wrong), 0) as wrong,
       coalesce(sum(handed), 0) as handed,
       coalesce(sum(case when entry = '' then answered end), 0) as told
from question_days where community = :community and day >= :since and day <= :until;

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
