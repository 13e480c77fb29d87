; Interrupt controller, timer and gates.  Handlers only note what happened; the main loop does the work.

IRQ_BASE        equ 0x20        ; vectors 0x20 to 0x2f
PIC1            equ 0x20
PIC2            equ 0xa0
PIC_EOI         equ 0x20

; iret, in the two steps that KVM's own instruction emulator knows.  Hosts without hardware virtualisation (and KVM there all the same) run a guest
; like this one in that emulator, which gives up on iret in protected mode.
%macro RETURN_FROM_INTERRUPT 0
    push dword [esp + 8]        ; eip, cs, flags lie above
    popfd
    retf 4
%endmacro

interrupts_init:
    mov edi, IDT
    mov ecx, IRQ_BASE
    mov eax, exception
.exceptions:
    call set_gate
    loop .exceptions
    mov ecx, 16
    mov eax, irq_other
.irqs:
    call set_gate
    loop .irqs
    mov edi, IDT + (IRQ_BASE + 0) * 8
    mov eax, irq_timer
    call set_gate
    mov edi, IDT + (IRQ_BASE + 1) * 8
    mov eax, irq_keyboard
    call set_gate
    mov edi, IDT + (IRQ_BASE + 12) * 8
    mov eax, irq_mouse
    call set_gate
    lidt [idt_pointer]

    mov al, 0x11                ; both controllers: edge, cascade, ICW4 follows
    out PIC1, al
    out PIC2, al
    mov al, IRQ_BASE
    out PIC1 + 1, al
    mov al, IRQ_BASE + 8
    out PIC2 + 1, al
    mov al, 4                   ; the second one hangs on line 2
    out PIC1 + 1, al
    mov al, 2
    out PIC2 + 1, al
    mov al, 1                   ; 8086 mode
    out PIC1 + 1, al
    out PIC2 + 1, al
    mov al, 11111000b           ; only timer, keyboard, cascade
    out PIC1 + 1, al
    mov al, 11101111b           ; only mouse
    out PIC2 + 1, al

    mov al, 0x34                ; channel 0, rate generator
    out 0x43, al
    mov al, PIT_DIVISOR & 0xff
    out 0x40, al
    mov al, PIT_DIVISOR >> 8
    out 0x40, al
    ret

; eax = handler, edi = gate; edi moves on to the next gate
set_gate:
    push eax
    stosw
    mov word [edi], CODE_SELECTOR
    mov word [edi + 2], 0x8e00
    add edi, 4
    shr eax, 16
    stosw
    pop eax
    ret

irq_timer:
    push eax
    inc dword [ticks]
    mov al, PIC_EOI
    out PIC1, al
    pop eax
    RETURN_FROM_INTERRUPT

irq_keyboard:
    pusha
    call ps2_collect
    mov al, PIC_EOI
    out PIC1, al
    popa
    RETURN_FROM_INTERRUPT

irq_mouse:
    pusha
    call ps2_collect
    mov al, PIC_EOI
    out PIC2, al
    out PIC1, al
    popa
    RETURN_FROM_INTERRUPT

irq_other:                      ; a spurious line 7 or 15: there is nothing to acknowledge that would matter
    RETURN_FROM_INTERRUPT

exception:                      ; a bug of ours: restart, as a machine would after a triple fault
    jmp reset

; Keyboard controller first, triple fault if the machine has none.
reset:
    cli
    mov al, 0xfe
    out 0x64, al
    mov ecx, 100000
.wait:
    in al, 0x64
    loop .wait
    lidt [no_idt]
    int3

idt_pointer:
    dw (IRQ_BASE + 16) * 8 - 1
    dd IDT
no_idt:
    dw 0
    dd 0
