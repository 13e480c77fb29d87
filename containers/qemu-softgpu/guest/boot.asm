; Real mode: the boot sector loads the rest, asks the BIOS for what only the BIOS knows (video mode, font), and leaves for protected mode.

bits 16

boot_sector:
    cli
    xor ax, ax
    mov ds, ax
    mov es, ax
    mov ss, ax
    mov sp, BOOT_STACK
    jmp 0:.normalised           ; some BIOSes start us at 07c0:0000
.normalised:
    sti
    cld
    mov si, load_packet
    mov ah, 0x42                ; dl is still the drive we came from
    int 0x13
    mov si, text_no_load
    jc boot_failed
    jmp real_mode_rest

; Says why in text mode and stays halted.
boot_failed:
    lodsb
    test al, al
    jz .halt
    mov ah, 0x0e
    mov bx, 7
    int 0x10
    jmp boot_failed
.halt:
    hlt
    jmp .halt

text_no_load    db 'Loco demo guest: the disk cannot be read.', 0
text_no_mode    db 'Loco demo guest: this video card has no 1024x768 with 16 bit colour.', 0

align 4
load_packet:
    db 16, 0
    dw IMAGE_CODE_SECTORS - 1
    dw LOAD_ADDRESS + 512, 0
    dq 1

    times 510 - ($ - $$) db 0
    dw 0xaa55

real_mode_rest:
    mov ax, 0x2401              ; A20 on; SeaBIOS has done it, others may not
    int 0x15

    mov ax, 0x1130              ; es:bp = the 8x16 font
    mov bh, 6
    int 0x10
    push ds
    push es
    pop ds
    mov si, bp
    mov ax, FONT >> 4
    mov es, ax
    xor di, di
    mov cx, 4096 / 2
    rep movsw
    pop ds
    push ds
    pop es

    mov si, text_no_mode
    mov ax, 0x4f01
    mov cx, VBE_MODE & 0x1ff
    mov di, VBE_INFO
    int 0x10
    cmp ax, 0x004f
    jne boot_failed
    test byte [VBE_INFO], 0x81  ; supported
    jz boot_failed
    test byte [VBE_INFO], 0x80  ; with a linear frame buffer
    jz boot_failed
    mov ax, 0x4f02
    mov bx, VBE_MODE
    int 0x10
    cmp ax, 0x004f
    jne boot_failed

    cli
    lgdt [gdt_pointer]
    mov eax, cr0
    or al, 1
    mov cr0, eax
    jmp dword CODE_SELECTOR:protected_mode

align 8
gdt:
    dq 0
    dq 0x00cf9a000000ffff       ; code, 4 GiB flat
    dq 0x00cf92000000ffff       ; data, 4 GiB flat
gdt_pointer:
    dw $ - gdt - 1
    dd gdt

bits 32

protected_mode:
    mov ax, DATA_SELECTOR
    mov ds, ax
    mov es, ax
    mov ss, ax
    mov esp, STACK_TOP
    cld
    mov edi, VARIABLES          ; a reset leaves memory as it was
    mov ecx, (variables_end - VARIABLES + 3) / 4
    xor eax, eax
    rep stosd
    mov eax, [VBE_INFO + 0x28]
    mov [screen_base], eax
    movzx eax, word [VBE_INFO + 0x10]
    mov [screen_pitch], eax
    jmp main
