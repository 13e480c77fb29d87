; The PS/2 controller: set-up, and sorting what arrives into keyboard bytes and mouse packets.

PS2_DATA        equ 0x60
PS2_STATUS      equ 0x64        ; command when written
PS2_HAS_BYTE    equ 1
PS2_FULL        equ 2           ; it has not taken our last byte yet
PS2_FROM_MOUSE  equ 0x20

KEY_RING        equ 64          ; a power of two

ps2_init:
    call ps2_drain
    mov al, 0xa8                ; mouse port on
    call ps2_command
    mov al, 0x20                ; read the controller's command byte
    call ps2_command
    call ps2_read
    or al, 0x43                 ; both interrupts, scan code set 1
    and al, ~0x30               ; both clocks run
    push eax
    mov al, 0x60
    call ps2_command
    pop eax
    call ps2_write
    mov al, 0xf6                ; mouse: defaults …
    call mouse_write
    jc .no_mouse
    mov al, 0xf4                ; … and report
    call mouse_write
    jc .no_mouse
    mov byte [mouse_flag], MOUSE_FOUND
.no_mouse:
    jmp ps2_drain

; al = byte for the mouse; carry set when it does not acknowledge
mouse_write:
    push eax
    mov al, 0xd4
    call ps2_command
    pop eax
    call ps2_write
    call ps2_read
    cmp al, 0xfa
    je .out
    stc
.out:
    ret

ps2_command:
    call ps2_wait_room
    out PS2_STATUS, al
    ret

ps2_write:
    call ps2_wait_room
    out PS2_DATA, al
    ret

ps2_wait_room:
    push eax
    mov ecx, 100000
.look:
    in al, PS2_STATUS
    test al, PS2_FULL
    loopnz .look
    pop eax
    ret

; al = the next byte, or 0 if none comes
ps2_read:
    mov ecx, 100000
.look:
    in al, PS2_STATUS
    test al, PS2_HAS_BYTE
    loopz .look
    jz .none
    in al, PS2_DATA
    ret
.none:
    xor eax, eax
    ret

ps2_drain:
    mov ecx, 64
.look:
    in al, PS2_STATUS
    test al, PS2_HAS_BYTE
    jz .out
    in al, PS2_DATA
    loop .look
.out:
    ret

; From both interrupt handlers: takes all bytes that are there.  May use all registers.
ps2_collect:
    in al, PS2_STATUS
    test al, PS2_HAS_BYTE
    jz .out
    mov ah, al
    in al, PS2_DATA
    test ah, PS2_FROM_MOUSE
    jnz .mouse
    mov ebx, [key_ring_in]
    mov [key_ring + ebx], al
    inc ebx
    and ebx, KEY_RING - 1
    mov [key_ring_in], ebx
    jmp ps2_collect
.mouse:
    call mouse_byte
    jmp ps2_collect
.out:
    ret
