// Drives the sandbox with Stripe's official library for Node. Started by tests/official.rs, which says
// in the environment where the sandbox is.
'use strict';

const assert = require('node:assert/strict');
const Stripe = require('stripe');

const { SANDBOX_ORIGIN, SANDBOX_KEY, WEBHOOK_SECRET, WEBHOOK_BODY, WEBHOOK_SIGNATURE } = process.env;
const { hostname, port } = new URL(SANDBOX_ORIGIN);

// The time-out is short because this library notices an answer that breaks off only by the clock.
function connect(key) {
  return new Stripe(key, {
    host: hostname,
    port,
    protocol: 'http',
    maxNetworkRetries: 2,
    telemetry: false,
    timeout: 2000,
  });
}

const stripe = connect(SANDBOX_KEY);

const request = {
  mode: 'payment',
  line_items: [
    { quantity: 2, price_data: { currency: 'eur', unit_amount: 995, product_data: { name: 'Taza "Luna" & plato' } } },
  ],
  success_url: 'http://shop.test/thanks?session={CHECKOUT_SESSION_ID}',
  cancel_url: 'http://shop.test/cart',
  client_reference_id: 'order-7',
  customer_email: 'ana@example.com',
  locale: 'es',
  expires_at: Math.floor(Date.now() / 1000) + 2700,
  metadata: { order: '7' },
};

async function control(path, body) {
  const response = await fetch(`${SANDBOX_ORIGIN}/control${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  assert.equal(response.status, 200, path);
  return response.json();
}

async function sessions() {
  const session = await stripe.checkout.sessions.create(request, { idempotencyKey: 'node-1' });
  assert.equal(session.amount_total, 1990);
  assert.equal(session.status, 'open');
  const again = await stripe.checkout.sessions.create(request, { idempotencyKey: 'node-1' });
  assert.equal(again.id, session.id);
  assert.equal(again.lastResponse.headers['idempotent-replayed'], 'true');
  assert.match(again.lastResponse.requestId, /^req_/);
  await assert.rejects(
    stripe.checkout.sessions.create({ ...request, locale: 'en' }, { idempotencyKey: 'node-1' }),
    { type: 'StripeIdempotencyError' },
  );
  const expanded = await stripe.checkout.sessions.retrieve(session.id, { expand: ['line_items'] });
  assert.equal(expanded.line_items.data[0].quantity, 2);
  const lines = await stripe.checkout.sessions.listLineItems(session.id);
  assert.equal(lines.data.length, 1);
  const other = await stripe.checkout.sessions.create(request);
  assert.equal((await stripe.checkout.sessions.expire(other.id)).status, 'expired');
  await assert.rejects(stripe.checkout.sessions.expire(other.id), { type: 'StripeInvalidRequestError' });
  return session;
}

async function payments(session) {
  const declined = await control(`/sessions/${session.id}/pay`, { card: '4000000000009995' });
  assert.deepEqual(declined, { outcome: 'declined', code: 'insufficient_funds' });
  await control(`/sessions/${session.id}/pay`, { card: '4242 4242 4242 4242' });
  const paid = await stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent.latest_charge'] });
  assert.equal(paid.payment_status, 'paid');
  assert.equal(paid.payment_intent.status, 'succeeded');
  assert.equal(paid.payment_intent.latest_charge.payment_method_details.card.last4, '4242');
  return paid.payment_intent.id;
}

async function refunds(paymentIntent) {
  for (const amount of [500, 490, 1000]) {
    const refund = await stripe.refunds.create({ payment_intent: paymentIntent, amount, reason: 'requested_by_customer' });
    assert.equal(refund.status, 'succeeded');
    assert.equal((await stripe.refunds.retrieve(refund.id)).amount, amount);
  }
  const all = [];
  for await (const refund of stripe.refunds.list({ payment_intent: paymentIntent, limit: 1 })) {
    all.push(refund.amount);
  }
  assert.deepEqual(all, [1000, 490, 500]);
  await assert.rejects(stripe.refunds.create({ payment_intent: paymentIntent }), {
    code: 'charge_already_refunded',
  });
}

async function errorsAndRetries() {
  await assert.rejects(connect('sk_test_wrong').checkout.sessions.list(), { type: 'StripeAuthenticationError' });
  await assert.rejects(stripe.checkout.sessions.retrieve('cs_none'), { code: 'resource_missing', statusCode: 404 });
  await assert.rejects(stripe.checkout.sessions.create({ ...request, success_url: undefined }), {
    code: 'parameter_missing',
    param: 'success_url',
  });
  for (const fault of [{ kind: 'conflict' }, { kind: 'rate_limit' }, { kind: 'server_error', when: 'after' }, { kind: 'close' }]) {
    await control('/faults', fault);
    assert.equal((await stripe.checkout.sessions.create(request)).status, 'open', fault.kind);
  }
}

async function events() {
  const event = await stripe.webhooks.constructEventAsync(WEBHOOK_BODY, WEBHOOK_SIGNATURE, WEBHOOK_SECRET);
  assert.deepEqual((await stripe.events.retrieve(event.id)).data.object, event.data.object);
  assert.throws(() => stripe.webhooks.constructEvent(`${WEBHOOK_BODY} `, WEBHOOK_SIGNATURE, WEBHOOK_SECRET));
  assert.ok((await stripe.events.list({ limit: 3 })).has_more);
}

async function main() {
  const session = await sessions();
  await refunds(await payments(session));
  await errorsAndRetries();
  await events();
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
