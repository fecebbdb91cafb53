package fusebill_policy

exempt_types := ["aws_iam_*"]
