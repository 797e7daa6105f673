"""Drives the sandbox with Stripe's official library for Python. Started by tests/official.rs, which says
in the environment where the sandbox is."""

import json
import os
import time
import urllib.request

import stripe

ORIGIN = os.environ["SANDBOX_ORIGIN"]


def connect(key):
    return stripe.StripeClient(key, base_addresses={"api": ORIGIN}, max_network_retries=2).v1


client = connect(os.environ["SANDBOX_KEY"])

REQUEST = {
    "mode": "payment",
    "line_items": [
        {
            "quantity": 2,
            "price_data": {"currency": "eur", "unit_amount": 995, "product_data": {"name": "Taza «Luna» & plato"}},
        }
    ],
    "success_url": "http://shop.test/thanks?session={CHECKOUT_SESSION_ID}",
    "cancel_url": "http://shop.test/cart",
    "client_reference_id": "order-7",
    "locale": "es",
    "expires_at": int(time.time()) + 2700,
    "metadata": {"order": "7"},
}


def control(path, body):
    request = urllib.request.Request(
        f"{ORIGIN}/control{path}", json.dumps(body).encode(), {"content-type": "application/json"}
    )
    with urllib.request.urlopen(request) as response:
        return json.load(response)


def refused(error, call, *arguments, **named):
    try:
        call(*arguments, **named)
    except error as caught:
        return caught
    raise AssertionError(f"{error.__name__} did not come")


def sessions():
    key = {"idempotency_key": "python-1"}
    session = client.checkout.sessions.create(REQUEST, key)
    assert (session.amount_total, session.status) == (1990, "open")
    assert client.checkout.sessions.create(REQUEST, key).id == session.id
    refused(stripe.IdempotencyError, client.checkout.sessions.create, {**REQUEST, "locale": "en"}, key)
    expanded = client.checkout.sessions.retrieve(session.id, {"expand": ["line_items"]})
    assert expanded.line_items.data[0].quantity == 2
    other = client.checkout.sessions.create(REQUEST)
    assert client.checkout.sessions.expire(other.id).status == "expired"
    refused(stripe.InvalidRequestError, client.checkout.sessions.expire, other.id)
    return session


def payments(session):
    challenge = control(f"/sessions/{session.id}/pay", {"card": "4000002760003184"})
    assert challenge["outcome"] == "challenge_required"
    assert control(f"/challenges/{challenge['challenge']}", {"authorise": True}) == {"outcome": "paid"}
    paid = client.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent.latest_charge"]})
    assert paid.payment_status == "paid"
    assert paid.payment_intent.latest_charge.payment_method_details.card.last4 == "3184"
    return paid.payment_intent.id


def refunds(payment_intent):
    for amount in (500, 490, 1000):
        refund = client.refunds.create({"payment_intent": payment_intent, "amount": amount})
        assert client.refunds.retrieve(refund.id).amount == amount
    listed = client.refunds.list({"payment_intent": payment_intent, "limit": 1})
    assert [refund.amount for refund in listed.auto_paging_iter()] == [1000, 490, 500]
    error = refused(stripe.InvalidRequestError, client.refunds.create, {"payment_intent": payment_intent})
    assert error.code == "charge_already_refunded"


def errors_and_retries():
    refused(stripe.AuthenticationError, connect("sk_test_wrong").checkout.sessions.list)
    missing = refused(stripe.InvalidRequestError, client.checkout.sessions.retrieve, "cs_none")
    assert (missing.code, missing.http_status) == ("resource_missing", 404)
    for fault in ({"kind": "conflict"}, {"kind": "server_error", "when": "after"}, {"kind": "close"}):
        control("/faults", fault)
        assert client.checkout.sessions.create(REQUEST).status == "open", fault
    control("/faults", {"kind": "rate_limit", "times": 3})
    refused(stripe.RateLimitError, client.checkout.sessions.list)
    control("/faults/clear", {})


def events():
    body, signature = os.environ["WEBHOOK_BODY"], os.environ["WEBHOOK_SIGNATURE"]
    secret = os.environ["WEBHOOK_SECRET"]
    event = stripe.Webhook.construct_event(body, signature, secret)
    assert client.events.retrieve(event.id).type == event.type
    refused(stripe.SignatureVerificationError, stripe.Webhook.construct_event, body + " ", signature, secret)


refunds(payments(sessions()))
errors_and_retries()
events()
