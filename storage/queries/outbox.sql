-- name: inbox_add!
insert into inbox (id, at) values (:id, :now) on conflict (id) do nothing;

-- name: inbox_prune!
delete from inbox where at < :before;

-- name: outbox_add!
insert into outbox (id, community, platform, chat, thread, private, kind, body_sealed, language,
                    key, version, ticket, reply_to, created_at, due_at, expires_at, attempts,
                    leased_until, fence)
values (:id, :community, :platform, :chat, :thread, :private, :kind, :body_sealed, :language,
        :key, 1, :ticket, :reply_to, :created_at, :due_at, :expires_at, 0, :leased_until, 0)
on conflict (key) where settled_at is null and key is not null do update
set body_sealed = excluded.body_sealed, language = excluded.language,
    version = outbox.version + 1,
    due_at = case when outbox.kind = 'timer' and outbox.due_at < excluded.due_at
                  then outbox.due_at else excluded.due_at end;

-- name: outbox_claim
update outbox set leased_until = :until, fence = fence + 1
where id in (
    select id from outbox
    where platform = :platform and settled_at is null and due_at <= :now
      and (leased_until is null or leased_until <= :now)
    order by due_at, id limit :most /*skip locked*/
)
returning id, community, platform, chat, thread, private, kind, body_sealed, language, key, version,
          ticket, reply_to, created_at, due_at, expires_at, attempts, fence, attempting_at,
          (select m.message from messages m where m.key = outbox.key) as message;

-- name: outbox_next^
select min(case when leased_until > due_at then leased_until else due_at end) as due_at
from outbox where platform = :platform and settled_at is null;

-- name: outbox_get^
select id, community, platform, chat, thread, private, kind, body_sealed, language, key, version,
       ticket, reply_to, created_at, due_at, expires_at, attempts, fence, attempting_at,
       null as message
from outbox where id = :id;

-- name: outbox_attempting*!
update outbox set attempting_at = :now where id = :id and fence = :fence and settled_at is null;

-- name: outbox_settle*!
update outbox set settled_at = :now, outcome = :outcome, leased_until = null, body_sealed = ''
where id = :id and fence = :fence and version = :version and settled_at is null;

-- name: outbox_sent*!
delete from outbox where id = :id and fence = :fence and version = :version;

-- name: outbox_overtaken*!
update outbox set leased_until = null, attempting_at = null
where id = :id and fence = :fence and version <> :version and settled_at is null;

-- name: outbox_again*!
update outbox set due_at = :due_at, attempts = attempts + 1, leased_until = null,
                  attempting_at = null
where id = :id and fence = :fence and settled_at is null;

-- name: outbox_postpone*!
update outbox set due_at = :due_at, leased_until = null
where id = :id and fence = :fence and settled_at is null;

-- name: outbox_offer*!
update outbox set settled_at = :now, outcome = 'offered', leased_until = null
where id = :id and fence = :fence and settled_at is null;

-- name: outbox_unlease!
update outbox set leased_until = null where settled_at is null and leased_until is not null;

-- name: outbox_waiting^
select count(*) as waiting from outbox where platform = :platform and settled_at is null and due_at <= :now;

-- name: outbox_prune!
delete from outbox where settled_at < :before;

-- name: timer_settle^
delete from outbox where id = :id and fence = :fence and settled_at is null returning id;

-- name: message_put*!
insert into messages (key, message, at) values (:key, :message, :now)
on conflict (key) do update set message = excluded.message, at = excluded.at;

-- name: form_put!
insert into forms (platform, user_id, chat, body_sealed, at)
values (:platform, :user_id, :chat, :body_sealed, :now)
on conflict (platform, user_id, chat) do update
set body_sealed = excluded.body_sealed, at = excluded.at;

-- name: form_get^
select body_sealed, at from forms
where platform = :platform and user_id = :user_id and chat = :chat;

-- name: form_drop!
delete from forms where platform = :platform and user_id = :user_id and chat = :chat;

-- name: forms_forget!
delete from forms where platform = :platform and user_id = :user_id;
