# deny: cloud_server.maps belongs to customer 6, which has status Active and account status PoorStanding; resolve the status in Fusebill first
# deny: cloud_server.labels belongs to customer 7, which has status Hold and account status Good; resolve the status in Fusebill first
# deny: cloud_server.pairs belongs to customer 8, which has status Suspended and account status Collection; resolve the status in Fusebill first
# deny: cloud_server.defaults belongs to customer 8, which has status Suspended and account status Collection; resolve the status in Fusebill first
# deny: cloud_server.labels belongs to customer 8, which has status Suspended and account status Collection; resolve the status in Fusebill first
# deny: cloud_monitor.strings belongs to customer 7, which has status Hold and account status Good; resolve the status in Fusebill first
# deny: terraform_data.encoded belongs to customer 6, which has status Active and account status PoorStanding; resolve the status in Fusebill first
# warn: Fusebill suspends customer 6 in 9 days
# warn: Fusebill suspends customer 8 in 0 days

data "fusebill_customer_statuses" "this" {
  customer_ids = [6, 7, 8]
}

provider "cloud" {
  default_tags = { fusebill_customer_id = "8" }
}

resource "cloud_server" "maps" {
  tags = { fusebill_customer_id = "6" }
}

resource "cloud_server" "labels" {
  metadata {
    labels = { fusebill_customer_id = "7" }
  }
}

resource "cloud_server" "pairs" {
  tag {
    key   = "fusebill_customer_id"
    value = "8"
  }
}

resource "cloud_server" "defaults" {}

resource "cloud_monitor" "strings" {
  tags = ["owner:billing", "fusebill_customer_id:7"]
}

resource "terraform_data" "encoded" {
  input = jsonencode({ labels = { fusebill_customer_id = 6 } })
}
