import { ROLES, type Role } from '../data.ts';

export function RoleChoice({ role, onRole }: { role: Role; onRole: (role: Role) => void }) {
  return (
    <fieldset className="pick">
      <legend>Role</legend>
      {ROLES.map(([value, name, words]) => (
        <label key={value}>
          <input type="radio" name="role" checked={role === value} onChange={() => onRole(value)} />
          <span>
            <b>{name}</b> <span className="mut">{words}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
