// SPDX-License-Identifier: MPL-2.0

// Package ratelimit keeps requests within the rate limits of a Fusebill account.
//
// # Windows
//
// An account has a window of a minute and a window of a day. A window allows a number of requests, has a
// fixed start and end, and belongs to the account: all clients share it, on any number of machines. Every
// response states the limit, the remaining requests, and the reset in its X-Rate-Limit headers
// (https://developer.fusebill.com/reference). The server's counter therefore coordinates the clients, and
// a [Limiter] needs no other state than the latest responses.
//
// # Rules
//
//   - Before the first response, and after the end of a window, the limiter allows one request, and no other
//     until a response states the window. Without knowledge of the window, more requests could exhaust it.
//     If the account states no windows, only the limits of [Options] apply. If it has stated one before,
//     up to three such requests can end without headers before the limiter opens the rest, since an outage
//     would otherwise delay all requests.
//   - The requests that may be sent are those that the server reports as remaining, less the reserve, less
//     the requests in flight. A request whose response is lost counts until a later response shows whether
//     the account counted it. The reserve belongs to other clients, such as billing.
//   - If no request may be sent, the limiter waits for the reset. It measures the wait on the account's
//     clock, which the Date header states in whole seconds. The estimate does not let a wait end early,
//     since an early request would get a 429. If the clocks of the account's servers differ, the last
//     response counts. A response without rate-limit headers can be one of a gateway, whose clock does not
//     count. Setting the local clock does not change a wait.
//   - After a 429 that exhausts no known window, it waits for Retry-After, for the reset that the response
//     states, or for a back-off that grows to a minute. If refusals without Retry-After continue for two
//     minutes, the window of the minute cannot explain them. If the account has not stated the day, the
//     limiter then reports the day as exhausted.
//   - A request whose wait would end after the deadline of its context fails at once with an [Error].
//   - Requests are sent in the order in which they ask.
//
// Responses can arrive out of order. Of the same window, the smaller remainder counts, and a response of
// an earlier window is ignored.
//
// # Clients that share a window
//
// Clients cannot see each other. If each sent what the server reports as remaining, all would send at once
// and most would be refused. Between its responses, however, a client sees how much all clients spent, and
// how much of it is its own. It assumes that its part of the remaining requests is the same, and has
// about a third of that part in flight, rounded up for some remainders.
//
// At the end of a window, the part of each client is less than one request. If all went on, most would be
// refused. If none went on, the last requests would stay unused. A few clients therefore go on, and the
// others wait for the reset, unless their deadline is earlier. Each client decides by the remainder that
// it has seen last, which differs between clients. TestLimiter_sharedWindow shows the cost of each choice.
//
// # Simulation
//
// TestSimulation in package fusebill runs clients, faults, and an account in virtual time. It checks the
// reserve, the concurrency, the order, the resets, the deadlines, and the claims of errors. CONTRIBUTING.md
// describes how to replay a seed.
package ratelimit
