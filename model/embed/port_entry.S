/* port_entry.S - the doors from device code into the simulator that must know the device code's state.
 *
 * Each saves the registers that survive a call, in the order of struct saved_registers (core/park.h), and calls its C
 * function with a pointer to them as one more argument. They are unchanged on return. The one assembly file that ties
 * the simulator to x86-64.
 */
	.text

.macro DOOR name, target, argument
	.globl	\name
	.type	\name, @function
\name:
	.cfi_startproc
	endbr64
	pushq	%rbx
	.cfi_adjust_cfa_offset 8
	pushq	%rbp
	.cfi_adjust_cfa_offset 8
	pushq	%r12
	.cfi_adjust_cfa_offset 8
	pushq	%r13
	.cfi_adjust_cfa_offset 8
	pushq	%r14
	.cfi_adjust_cfa_offset 8
	pushq	%r15
	.cfi_adjust_cfa_offset 8
	movq	%rsp, \argument
	subq	$8, %rsp
	.cfi_adjust_cfa_offset 8
	call	\target
	addq	$56, %rsp
	.cfi_adjust_cfa_offset -56
	ret
	.cfi_endproc
	.size	\name, .-\name
.endm

	.hidden	port_load_slow
	.hidden	port_load_slow_c
	DOOR	port_load_slow, port_load_slow_c, %rdx
	.hidden	port_dcci_c
	DOOR	dav_dcci, port_dcci_c, %rcx
	.hidden	port_reg_read_c
	DOOR	dav_reg_read, port_reg_read_c, %rsi

	.section .note.GNU-stack,"",@progbits
