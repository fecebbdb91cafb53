variable "customer_ids" {
  type        = list(number)
  description = "IDs of the customers in Fusebill."
}

variable "allowed_statuses" {
  type        = list(string)
  description = "Statuses with which a customer is allowed."
  default     = ["Active"]
}

variable "allowed_account_statuses" {
  type        = list(string)
  description = "Account statuses with which a customer is allowed."
  default     = ["Good"]
}

variable "on_violation" {
  type        = string
  description = "Reaction to a denied customer: \"fail\" stops the plan, \"warn\" warns, and \"ignore\" only sets the outputs."
  default     = "fail"

  validation {
    condition     = contains(["fail", "warn", "ignore"], var.on_violation)
    error_message = "on_violation must be \"fail\", \"warn\", or \"ignore\"."
  }
}
