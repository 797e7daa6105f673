-- What paying needs beyond 0006: refunds that fail, disputes that are lost, goods that leave the cart.

-- A refund that failed is a debt until it is sent again (under a key of its own) or settled in another way.
alter table refund add column failure text;
alter table refund add column sent_again_as uuid references refund;
alter table refund add column settled_at timestamptz;
alter table refund add column settled_how text;

-- Goods leave the cart once: when the order is paid, or its money on its way. Empty again when they were put back.
alter table orders add column left_cart_at timestamptz;
update orders set left_cart_at = paid_at where paid_at is not null;

-- One order waiting to be paid a cart; once its money is on its way, the same cart may be ordered from again.
drop index orders_live_cart;
create unique index orders_live_cart on orders (cart_id) where state = 'placed' and payment_state = 'unpaid';

-- The bank took the money back, and keeps it.
alter table orders drop constraint orders_payment_state_check;
alter table orders add constraint orders_payment_state_check
    check (payment_state in ('unpaid', 'processing', 'paid', 'part_refunded', 'refunded', 'disputed', 'charged_back'));
