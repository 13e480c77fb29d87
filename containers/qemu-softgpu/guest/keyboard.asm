; Keys: from scan code set 1 on a US layout to characters, lock lights and the secret keys.

SC_BACKSPACE    equ 0x0e
SC_ENTER        equ 0x1c
SC_CTRL         equ 0x1d
SC_LEFT_SHIFT   equ 0x2a
SC_RIGHT_SHIFT  equ 0x36
SC_ALT          equ 0x38
SC_CAPS         equ 0x3a
SC_NUM          equ 0x45
SC_SCROLL       equ 0x46
SC_KEYPAD       equ 0x47        ; first of the keypad's block
SC_DELETE       equ 0x53        ; and its last
SC_F9           equ 0x43
SC_F10          equ 0x44
SC_F11          equ 0x57
SC_F12          equ 0x58
EXTENDED        equ 0x80        ; we add it to codes after an E0 byte

KB_ACK          equ 0xfa
KB_RESEND       equ 0xfe
KB_SET_LEDS     equ 0xed

LED_SCROLL      equ 1
LED_NUM         equ 2
LED_CAPS        equ 4

LEDS_IDLE       equ 0
LEDS_COMMAND    equ 1           ; sent ED, waiting for its acknowledgement
LEDS_VALUE      equ 2           ; sent the lights, waiting again

ECHO_COLUMNS    equ 60

keyboard_init:
    mov byte [leds], LED_NUM    ; as DOS and Windows start
    mov byte [leds_known], 0xff
    ret

; Works off what the interrupt handler collected.
keyboard_drain:
    mov ebx, [key_ring_out]
    cmp ebx, [key_ring_in]
    je leds_tick
    movzx eax, byte [key_ring + ebx]
    inc ebx
    and ebx, KEY_RING - 1
    mov [key_ring_out], ebx
    call keyboard_byte
    jmp keyboard_drain

keyboard_byte:
    cmp al, KB_ACK
    je leds_acknowledged
    cmp al, KB_RESEND
    je leds_again
    cmp byte [skip_bytes], 0
    je .not_pause
    dec byte [skip_bytes]
    ret
.not_pause:
    cmp al, 0xe1                ; Pause sends E1 and two bytes that look like Ctrl and NumLock
    jne .not_e1
    mov byte [skip_bytes], 2
    ret
.not_e1:
    cmp al, 0xe0
    jne .code
    mov byte [extended], EXTENDED
    ret
.code:
    mov [last_scancode], al
    mov byte [panel_changed], 1
    mov ah, al                  ; ah keeps the release bit
    and al, 0x7f
    or al, [extended]
    mov byte [extended], 0
    movzx ebx, al
    test ah, 0x80
    jz .press
    mov byte [key_down + ebx], 0
    ret
.press:
    inc word [key_presses]
    mov ah, [key_down + ebx]    ; not zero: the keyboard repeats a key that is held
    mov byte [key_down + ebx], 1
    test ah, ah
    jnz .type
    call key_first_press
.type:
    jmp key_type

; ebx = code of a key that was up: those that must not repeat
key_first_press:
    mov al, LED_SCROLL
    cmp bl, SC_SCROLL
    je .lock
    mov al, LED_NUM
    cmp bl, SC_NUM
    je .lock
    mov al, LED_CAPS
    cmp bl, SC_CAPS
    je .lock
    mov al, SHOW_BLACK
    cmp bl, SC_F9
    je .show
    cmp bl, SC_F10
    je .blue
    cmp bl, SC_F11
    je hang
    cmp bl, SC_F12
    je reset
    cmp bl, SC_DELETE
    je .delete
    cmp bl, SC_DELETE | EXTENDED
    je .delete
    ret
.lock:
    xor [leds], al
    ret
.blue:
    mov al, SHOW_BLUE
    call shift_held
    jz .show
    mov al, SHOW_FATAL
.show:
    cmp byte [show], SHOW_PICTURE
    je .set
    mov al, SHOW_PICTURE        ; any of these keys brings the picture back
.set:
    jmp show_set
.delete:
    mov al, [key_down + SC_CTRL]
    or al, [key_down + SC_CTRL | EXTENDED]
    jz .out
    mov al, [key_down + SC_ALT]
    or al, [key_down + SC_ALT | EXTENDED]
    jnz reset
.out:
    ret

; F11: as dead as a machine can be without costing the host anything
hang:
    cli
    hlt
    jmp hang

; zero flag clear when a shift key is held; al is kept
shift_held:
    mov ah, [key_down + SC_LEFT_SHIFT]
    or ah, [key_down + SC_RIGHT_SHIFT]
    ret

; ebx = code: echoes its character, if it has one
key_type:
    cmp bl, SC_BACKSPACE
    je .backspace
    mov al, '/'
    cmp bl, 0x35 | EXTENDED     ; the keypad's own slash
    je echo_character
    mov al, 0x14                ; code page 437: a pilcrow
    cmp bl, SC_ENTER
    je echo_character
    cmp bl, SC_ENTER | EXTENDED
    je echo_character
    cmp bl, keymap_length
    jae .out
    cmp bl, SC_KEYPAD
    jb .letters
    test byte [leds], LED_NUM
    jz .out
.letters:
    call shift_held
    mov al, [keymap + ebx]
    jz .unshifted
    mov al, [keymap_shift + ebx]
.unshifted:
    test byte [leds], LED_CAPS
    jz .known
    mov ah, al
    or ah, 0x20
    sub ah, 'a'
    cmp ah, 26
    jae .known
    xor al, 0x20
.known:
    test al, al
    jnz echo_character
.out:
    ret
.backspace:
    cmp dword [echo_length], 0
    je .out
    dec dword [echo_length]
    mov eax, [echo_length]
    mov byte [echo + eax], 0
    mov byte [echo_changed], 1
    ret

; al = character: appends it; the line keeps the last ones
echo_character:
    mov byte [echo_changed], 1
    mov ecx, [echo_length]
    cmp ecx, ECHO_COLUMNS
    jb .room
    mov esi, echo + 1
    mov edi, echo
    mov ecx, ECHO_COLUMNS - 1
    rep movsb
    mov ecx, ECHO_COLUMNS - 1
.room:
    mov [echo + ecx], al
    inc ecx
    mov [echo_length], ecx
    mov byte [echo + ecx], 0
    ret

; --- lock lights: the keyboard is told, as a real system does, so that a host can tell a live guest by it ---

leds_tick:
    cmp byte [leds_state], LEDS_IDLE
    jne leds_overdue
    mov al, [leds]
    cmp al, [leds_known]
    jne leds_again
    ret

leds_again:
    mov byte [leds_state], LEDS_COMMAND
    mov eax, [ticks]
    add eax, TICKS_PER_SECOND
    mov [leds_deadline], eax
    mov al, KB_SET_LEDS
    jmp ps2_write

leds_overdue:                   ; an answer that never comes must not end the lights
    mov eax, [ticks]
    cmp eax, [leds_deadline]
    jb .out
    mov byte [leds_state], LEDS_IDLE
.out:
    ret

leds_acknowledged:
    cmp byte [leds_state], LEDS_COMMAND
    jne .value
    mov byte [leds_state], LEDS_VALUE
    mov al, [leds]
    mov [leds_known], al
    mov byte [panel_changed], 1
    jmp ps2_write
.value:
    mov byte [leds_state], LEDS_IDLE
    ret

; --- US layout, by scan code; 0 = no character.  From 0x47 on the keypad, with NumLock ---
keymap:
    db 0, 0, '1234567890-=', 0, ' '
    db 'qwertyuiop[]', 0, 0
    db 'asdfghjkl;', 0x27, '`', 0, '\'
    db 'zxcvbnm,./', 0, '*', 0, ' '
    times SC_KEYPAD - ($ - keymap) db 0
    db '789-456+1230.'
keymap_length   equ $ - keymap
keymap_shift:
    db 0, 0, '!@#$%^&*()_+', 0, ' '
    db 'QWERTYUIOP{}', 0, 0
    db 'ASDFGHJKL:', 0x22, '~', 0, '|'
    db 'ZXCVBNM<>?', 0, '*', 0, ' '
    times SC_KEYPAD - ($ - keymap_shift) db 0
    db '789-456+1230.'
