variable "customer_ids" {
  type        = list(number)
  description = "The Fusebill ids of the customers who want to be provisioned."
}

variable "allowed_statuses" {
  type        = list(string)
  description = "The statuses with which a customer may be provisioned."
  default     = ["Active"]
}

variable "allowed_account_statuses" {
  type        = list(string)
  description = "The account statuses with which a customer may be provisioned."
  default     = ["Good"]
}

variable "on_violation" {
  type        = string
  description = "What happens where a customer may not be provisioned: \"fail\" stops the plan, \"warn\" warns, \"ignore\" leaves it to the outputs."
  default     = "fail"

  validation {
    condition     = contains(["fail", "warn", "ignore"], var.on_violation)
    error_message = "on_violation is \"fail\", \"warn\" or \"ignore\"."
  }
}
