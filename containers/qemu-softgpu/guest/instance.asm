; Which emulator am I?  The host says so in QEMU's firmware configuration, file opt/org.loco-cluster/instance: "instance-3" or "3".

FW_SELECTOR     equ 0x510
FW_DATA         equ 0x511
FW_SIGNATURE    equ 0x0000
FW_DIRECTORY    equ 0x0019
NO_ORDINAL      equ 0xffff
NAME_MAX        equ 31

; Sets [instance_name] and [ordinal]; without the file the name is empty and the ordinal NO_ORDINAL.
instance_read:
    mov word [ordinal], NO_ORDINAL
    mov ax, FW_SIGNATURE
    call fw_select
    call fw_dword
    cmp eax, 'QEMU'
    jne .out
    mov ax, FW_DIRECTORY
    call fw_select
    call fw_dword
    bswap eax
    mov ebp, eax                ; files
.file:
    dec ebp
    js .out
    mov edi, fw_entry
    mov ecx, 64                 ; size, selector, reserved, name: big-endian
    rep insb
    mov esi, fw_entry + 8
    mov edi, fw_name
    mov ecx, fw_name_end - fw_name
    repe cmpsb
    jne .file

    mov ax, [fw_entry + 4]
    xchg al, ah
    call fw_select
    mov ecx, [fw_entry]
    bswap ecx
    cmp ecx, NAME_MAX
    jbe .fits
    mov ecx, NAME_MAX
.fits:
    mov edi, instance_name
    rep insb                    ; the variable is zeroed and one byte longer

    xor eax, eax                ; the digits at the end are the ordinal
    xor ebx, ebx                ; how many digits
    mov esi, instance_name
.character:
    movzx edx, byte [esi]
    inc esi
    test dl, dl
    jz .end
    sub dl, '0'
    cmp dl, 9
    ja .other
    imul eax, eax, 10
    add eax, edx
    inc ebx
    jmp .character
.other:
    xor eax, eax
    xor ebx, ebx
    jmp .character
.end:
    test ebx, ebx
    jz .out
    cmp ebx, 4                  ; the digits that fit on the wagon
    ja .out
    mov [ordinal], ax
.out:
    ret

; ax = what to read from now on.  Leaves dx at the data port.
fw_select:
    mov dx, FW_SELECTOR
    out dx, ax
    inc dx
    ret

; eax = the next four bytes, first byte lowest
fw_dword:
    mov ecx, 4
.byte:
    in al, dx
    ror eax, 8
    loop .byte
    ret

fw_name         db 'opt/org.loco-cluster/instance', 0
fw_name_end:
