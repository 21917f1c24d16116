-- name: giveaway_log_last^
update giveaways set log_number = log_number where id = :id and log_head is not null
returning log_number, log_head;

-- name: giveaway_log_add*!
insert into giveaway_log (giveaway, number, event, head) values (:id, :number, :event, :head);

-- name: giveaway_log_move!
update giveaways set log_number = :number, log_head = :head where id = :id;

-- name: giveaway_log_of
select number, event, head from giveaway_log where giveaway = :id order by number;
