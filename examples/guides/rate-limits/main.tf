provider "fusebill" {
  rate_limit_reserve_percent = 50
  requests_per_minute        = 200
  max_concurrent_requests    = 16
}

data "fusebill_customer_overview" "patient" {
  customer_id = 650084
  timeouts    = { read = "1h" }
}
